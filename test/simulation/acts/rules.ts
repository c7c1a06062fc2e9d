import type { Outcome } from '../../../core/reconcile.ts';
import { ALL_RULES } from '../../../core/rules/all.ts';
import { resumeRule } from '../../../lambdas/api/town/resume-rule.ts';
import { USER } from '../../contract/loop/world.ts';
import { outcome } from '../../contract/store/towns.ts';
import { INCIDENT } from '../checks/ledger.ts';
import type { Act } from './act.ts';

export const ruleActs = {
  /** Nobody does that: it is what a step with a fault in the code would have left. */
  suspendRule: async ({ deps, town, choices }) => {
    const { name: rule } = choices.one(ALL_RULES);
    const now = deps.now();
    const head = await deps.store.head(town.head.id);
    if (head === undefined) return;
    const read = await deps.store.load(head);
    const { suspendedRules: before = [] } = read.head;
    if (before.some((one) => one.rule === rule)) return;
    const suspendedRules: Outcome['suspendedRules'] = [...before, { rule, since: now, violation: INCIDENT }];
    await deps.store.commit(read, outcome({ suspendedRules, dueAt: now }), now);
  },
  resumeRule: async ({ deps, town, choices }) => {
    const head = await deps.store.head(town.head.id);
    const rule = choices.maybeOne(head?.suspendedRules ?? [])?.rule;
    if (rule !== undefined) await resumeRule(deps, USER, town.head.id, rule);
  },
} as const satisfies Record<string, Act>;
