import { Conflict } from '../../../core/errors.ts';
import type { Head } from '../../../core/town/head.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { headOf } from '../access.ts';
import { tell } from '../statements.ts';

/** Lets a rule that the town has suspended run again. @throws NotFound, Conflict for one that is not suspended */
export async function resumeRule(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  rule: string,
): Promise<Head> {
  const head = await headOf(deps.store, caller, townId);
  const suspended = head.suspendedRules?.map((one) => one.rule) ?? [];
  if (!suspended.includes(rule)) {
    const others = suspended.length === 0 ? 'No rule is.' : `These are: ${suspended.join(', ')}.`;
    throw new Conflict(`The rule ${rule} is not suspended. ${others}`);
  }
  await tell(deps, townId, { type: 'rule_resumed', rule, by: caller.id });
  return head;
}
