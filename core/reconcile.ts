import { attempt, keyOf, type Attempt, type FactRecord, type Quarantined } from './attempt.ts';
import { Draft, type RecordChange } from './draft.ts';
import type { OutboxRow, SentEffect } from './effects.ts';
import type { MessageFact } from './facts/message.ts';
import { createIds, type Ids } from './ids.ts';
import { ALL_INVARIANTS, violationsOf } from './invariants/all.ts';
import type { Invariant, Violation } from './invariants/invariant.ts';
import { ALL_RULES } from './rules/all.ts';
import type { Rule } from './rules/rule.ts';
import type { Decision } from './step.ts';
import type { Container } from './town/container.ts';
import type { HistoryEntry } from './town/history.ts';
import { RULES_ON_HEAD, type Head, type HeadChange } from './town/head.ts';
import type { Instant } from './town/instant.ts';
import type { Town } from './town/town.ts';
import type { Wait } from './wait.ts';

/** What one step decided; to be committed under the version of the head that was read first. */
export interface Outcome {
  readonly changes: readonly RecordChange[];
  readonly history: readonly HistoryEntry[];
  readonly container: Container | undefined;
  readonly suspendedRules: Head['suspendedRules'];
  /** What rules changed on the head; a field that is there and undefined goes. */
  readonly head: HeadChange;
  readonly takenInbox: readonly string[];
  readonly outbox: { readonly put: readonly OutboxRow[]; readonly delete: readonly string[] };
  /** Messages for the effects queue, to be sent after the commit. */
  readonly send: readonly SentEffect[];
  /** The running container should sync now. */
  readonly isPoke: boolean;
  readonly decisions: readonly Decision[];
  readonly waits: readonly Wait[];
  /** When to look again; undefined: when something happens. `now`: the step was full, there is more to decide. */
  readonly dueAt: Instant | undefined;
  readonly facts: {
    readonly applied: readonly FactRecord[];
    readonly stale: readonly FactRecord[];
    readonly quarantined: readonly Quarantined[];
  };
  /** Message facts for which this step had no room. They must be applied by a further step, in this order. */
  readonly leftOver: readonly MessageFact[];
  readonly violations: readonly Violation[];
  readonly seed: string;
}

export interface Policy {
  readonly rules: readonly Rule[];
  readonly invariants: readonly Invariant[];
}
const POLICY: Policy = { rules: ALL_RULES, invariants: ALL_INVARIANTS };

/**
 * Facts, then rules, then changes, effects and the next due time. Pure: the same inputs give the same outcome.
 * @param facts message facts, oldest first; what stands in the town's inbox and observed state is applied before them.
 * @param ids made from a seed that the caller keeps in the log.
 */
export function reconcile(
  town: Town,
  facts: readonly MessageFact[],
  now: Instant,
  ids: Ids,
  policy: Policy = POLICY,
): Outcome {
  const { rules } = policy;
  const decideWith = (banned: ReadonlyMap<string, string>, active: readonly Rule[]): Attempt =>
    attempt(town, facts, now, createIds(ids.seed, now), active, banned);
  let before: ReadonlySet<string> | undefined;
  const introduced = (draft: Draft): Violation[] => {
    const found = violationsOf(draft, policy.invariants);
    // Nearly always there is none, and then nobody has to know what was there before.
    if (found.length === 0) return [];
    before ??= new Set(violationsOf(new Draft(town, now), policy.invariants).map(textOf));
    const known = before;
    return found.filter((violation) => !known.has(textOf(violation)));
  };

  let banned = new Map<string, string>();
  let result = decideWith(banned, rules);
  let breach = introduced(result.draft);
  if (breach.length > 0) {
    banned = culprits(result, introduced, town, facts, now, ids);
    if (banned.size > 0) {
      result = decideWith(banned, rules);
      breach = introduced(result.draft);
    }
  }
  let suspended: NonNullable<Head['suspendedRules']> = [];
  const [first] = breach;
  if (first !== undefined) {
    const others = (rule: Rule): Rule[] => rules.filter((other) => other !== rule);
    const culprit = rules.find((rule) => introduced(decideWith(banned, others(rule)).draft).length === 0);
    result = decideWith(banned, culprit === undefined ? [] : others(culprit));
    const violation = textOf(first);
    const named = culprit === undefined ? rules : [culprit];
    suspended = named.map(({ name: rule }) => ({ rule, since: now, violation }));
  }
  const stillSuspended = result.draft.head.suspendedRules ?? [];
  // If none is to blame, all are suspended, those included that were so before.
  const all = suspended.length < rules.length ? [...stillSuspended, ...suspended] : suspended;
  return outcomeOf(town, now, ids, result, all.length === 0 ? undefined : all, [
    ...violationsOf(result.draft, policy.invariants),
    ...breach,
  ]);
}

const textOf = ({ invariant, detail }: Violation): string => `${invariant}: ${detail}`;

/** The facts that break an invariant when they are applied again one after another, without any rule. */
function culprits(
  result: Attempt,
  introduced: (draft: Draft) => Violation[],
  town: Town,
  facts: readonly MessageFact[],
  now: Instant,
  ids: Ids,
): Map<string, string> {
  const banned = new Map<string, string>();
  const candidates = result.facts.applied.map(keyOf);
  for (const [index, key] of candidates.entries()) {
    const later = candidates.slice(index + 1).map((other) => [other, ''] as const);
    const upToIt = attempt(town, facts, now, createIds(ids.seed, now), [], new Map([...banned, ...later]));
    const [violation] = introduced(upToIt.draft);
    if (violation !== undefined) banned.set(key, `would break an invariant: ${textOf(violation)}`);
  }
  return banned;
}

function outcomeOf(
  town: Town,
  now: Instant,
  ids: Ids,
  { draft, clock, record, facts, leftOver, isSettled }: Attempt,
  suspendedRules: Head['suspendedRules'],
  violations: readonly Violation[],
): Outcome {
  const put = [...draft.outbox.values()].filter((row) => town.outbox.get(row.key) !== row);
  const isContainerChanged = draft.container !== town.container;
  return {
    changes: draft.changes(),
    history: draft.history,
    container: isContainerChanged ? draft.container : undefined,
    suspendedRules,
    head: Object.fromEntries(
      RULES_ON_HEAD.filter((name) => draft.head[name] !== town.head[name]).map((name) => [
        name,
        draft.head[name],
      ]),
    ),
    takenInbox: [...draft.takenInbox],
    outbox: { put, delete: [...town.outbox.keys()].filter((key) => !draft.outbox.has(key)) },
    send: [...record.sent.values()].filter(({ key }) => draft.outbox.has(key)),
    isPoke:
      isContainerChanged && (draft.container.state === 'running' || draft.container.state === 'draining'),
    decisions: record.decisions,
    waits: clock.waits,
    dueAt: isSettled && leftOver.length === 0 ? clock.dueAt() : now,
    // The observed state is applied in every step; only what it changed is worth keeping.
    facts: { ...facts, stale: facts.stale.filter(({ id }) => id !== 'observed') },
    leftOver,
    violations,
    seed: ids.seed,
  };
}
