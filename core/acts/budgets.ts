import type { Draft } from '../draft.ts';
import { reportOf, purposeOf } from './agents.ts';
import type { Agent } from '../town/agent.ts';
import type { Bead } from '../town/bead.ts';
import {
  BUDGET_MEASURES,
  LIMIT_NAMES,
  type BudgetMeasure,
  type BudgetScope,
  type Limits,
} from '../town/config/budgets.ts';
import type { Convoy } from '../town/convoy.ts';
import { addUsage, nothingSpentInSessions, nothingSpentInTown, noUsage, type Spent } from '../town/usage.ts';

/** What something has cost by now, sessions under way with their last report. */
export type Costs = Readonly<Record<BudgetMeasure, number>>;

/** A limit that is reached. */
export interface Reached {
  readonly level: 'soft' | 'hard';
  readonly scope: BudgetScope;
  /** Of the setting: `budgets.town.hardTokens`. */
  readonly setting: string;
  readonly limit: number;
  readonly spent: number;
}

/** The worst limit that is reached: any hard one before any soft one. */
export function reachedLimit(scope: BudgetScope, limits: Limits, costs: Costs): Reached | undefined {
  for (const level of ['hard', 'soft'] as const) {
    for (const measure of BUDGET_MEASURES) {
      const name = LIMIT_NAMES[measure][level];
      const limit = limits[name];
      const spent = costs[measure];
      if (limit !== undefined && spent >= limit) {
        return { level, scope, setting: `budgets.${scope}.${name}`, limit, spent };
      }
    }
  }
  return undefined;
}

const costsOf = ({ inputTokens, outputTokens, costUsd }: Spent, ms: number): Costs => ({
  tokens: inputTokens + outputTokens,
  costUsd,
  containerMinutes: ms / 60_000,
});

/** What the sessions of these agents have spent that is not counted anywhere else yet. */
function underWay(draft: Draft, agents: readonly Agent[]): { usage: Spent; ms: number } {
  let usage = noUsage;
  let ms = 0;
  for (const agent of agents) {
    const report = agent.status === 'idle' ? undefined : reportOf(draft, agent);
    if (report === undefined) continue;
    usage = addUsage(usage, report.usage);
    ms += draft.now - (agent.dispatchedAt ?? draft.now);
  }
  return { usage, ms };
}

export function beadCosts(draft: Draft, bead: Bead): Costs {
  const mine = draft.all('agent').filter((agent) => isFor(draft, agent, 'bead', bead.id));
  const { usage, ms } = underWay(draft, mine);
  return costsOf(addUsage(bead.usage, usage), (bead.sessionMs ?? 0) + ms);
}

/** Its landing, and all its beads, ended or not. */
export function convoyCosts(draft: Draft, convoy: Convoy): Costs {
  const mine = draft.all('agent').filter((agent) => isForConvoy(draft, agent, convoy.id));
  const { usage, ms } = underWay(draft, mine);
  const { sessionMs, ...spent } = convoy.spent ?? nothingSpentInSessions;
  return costsOf(addUsage(spent, usage), sessionMs + ms);
}

export function townCosts(draft: Draft): Costs {
  const { usage } = underWay(draft, draft.all('agent'));
  const { containerMs, ...spent } = draft.head.spent ?? nothingSpentInTown;
  const { startedAt } = draft.container;
  const runningMs = startedAt === undefined ? 0 : draft.now - startedAt;
  return costsOf(addUsage(spent, usage), containerMs + runningMs);
}

const isFor = (draft: Draft, agent: Agent, kind: 'bead' | 'convoy', id: string): boolean => {
  const purpose = purposeOf(draft, agent);
  return purpose?.kind === kind && purpose.id === id;
};

export function isForConvoy(draft: Draft, agent: Agent, convoyId: string): boolean {
  const purpose = purposeOf(draft, agent);
  if (purpose?.kind === 'convoy') return purpose.id === convoyId;
  return draft.get('bead', purpose?.id)?.convoyId === convoyId;
}

/** Whether any limit is set at which sessions are ended. */
export const isUnderHardLimit = ({ base }: Draft): boolean =>
  Object.values(base.config.budgets ?? {}).some((limits) =>
    BUDGET_MEASURES.some((measure) => limits?.[LIMIT_NAMES[measure].hard] !== undefined),
  );

/** Of what an agent's work costs: the worst limit that is reached of its bead, its convoy and the town. */
export function reachedFor(
  draft: Draft,
  of: { readonly bead?: Bead | undefined; readonly convoy?: Convoy | undefined },
): Reached | undefined {
  const { budgets } = draft.base.config;
  if (budgets === undefined) return undefined;
  const { bead, convoy } = of;
  const all = [
    budgets.town && reachedLimit('town', budgets.town, townCosts(draft)),
    convoy && budgets.convoy && reachedLimit('convoy', budgets.convoy, convoyCosts(draft, convoy)),
    bead && budgets.bead && reachedLimit('bead', budgets.bead, beadCosts(draft, bead)),
  ].filter((reached) => reached !== undefined);
  return all.find(({ level }) => level === 'hard') ?? all[0];
}

/** For people: what is reached, and what to do. */
export const reachedText = ({ level, setting, limit, spent }: Reached): string =>
  `${setting} is ${limit}, and ${Math.round(spent * 100) / 100} are spent: ${
    level === 'soft' ? 'nothing new starts' : 'its sessions are ended'
  } until somebody raises it`;

/** Where the town stands: what is spent, and what is left of each measure until its next limit; null: it is not limited. */
export function townBudget(draft: Draft): {
  readonly state: 'ok' | 'soft' | 'hard';
  readonly spent: Costs;
  readonly left: Readonly<Record<BudgetMeasure, number | null>>;
} {
  const limits = draft.base.config.budgets?.town ?? {};
  const spent = townCosts(draft);
  const leftOf = (measure: BudgetMeasure): number | null => {
    const { soft, hard } = LIMIT_NAMES[measure];
    const set = [limits[soft], limits[hard]].filter((limit) => limit !== undefined);
    // Of a soft and a hard limit the one that comes next.
    const ahead = set.filter((limit) => limit > spent[measure]);
    return set.length === 0 ? null : ahead.length === 0 ? 0 : Math.min(...ahead) - spent[measure];
  };
  return {
    state: reachedLimit('town', limits, spent)?.level ?? 'ok',
    spent,
    left: {
      tokens: leftOf('tokens'),
      costUsd: leftOf('costUsd'),
      containerMinutes: leftOf('containerMinutes'),
    },
  };
}
