import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person lets a suspended rule run again; should it break an invariant again, the same step suspends it again. */
export const applyRuleResumed: ApplyFact<StatementOf<InboxStatement, 'rule_resumed'>> = (
  step,
  { rule, by },
) => {
  const { draft } = step;
  const { id, suspendedRules = [] } = draft.head;
  const others = suspendedRules.filter((one) => one.rule !== rule);
  if (others.length === suspendedRules.length) return 'stale';
  step.decide({ subject: { kind: 'town', id }, reason: `the rule ${rule} is resumed by ${by}` });
  draft.head = { ...draft.head, suspendedRules: others };
  return 'applied';
};
