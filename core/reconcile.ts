import { createClock, type Clock } from './clock.ts';
import { Draft, type RecordChange } from './draft.ts';
import type { OutboxRow, SentEffect } from './effects.ts';
import { applyMessageFact, applyStatement } from './facts/apply.ts';
import type { MessageFact } from './facts/message.ts';
import { applyObserved } from './facts/observed.ts';
import type { FactOutcome } from './facts/fact.ts';
import { createIds, type Ids } from './ids.ts';
import { ALL_INVARIANTS, violationsOf } from './invariants/all.ts';
import type { Invariant, Violation } from './invariants/invariant.ts';
import { ALL_RULES } from './rules/all.ts';
import type { Rule } from './rules/rule.ts';
import { createStep, newStepRecord, STEP_BUDGET, type Decision, type Step, type StepRecord } from './step.ts';
import type { Container } from './town/container.ts';
import type { Head } from './town/head.ts';
import type { Instant } from './town/instant.ts';
import type { Town } from './town/town.ts';
import type { Wait } from './wait.ts';

/** A fact and where it came from, for the log and the quarantine. */
export interface FactRecord {
  readonly source: 'inbox' | 'message';
  /** Id of the inbox item, or the place in the batch. */
  readonly id: string;
  readonly fact: unknown;
}
export interface Quarantined extends FactRecord {
  readonly error: string;
}

/** What one step decided; to be committed under the version of the head that was read first. */
export interface Outcome {
  readonly changes: readonly RecordChange[];
  readonly container: Container | undefined;
  readonly suspendedRules: Head['suspendedRules'];
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

/** Rules see each other's decisions at once; a town that has not settled after so many passes goes on in a next step. */
const MAX_PASSES = 8;
export interface Policy {
  readonly rules: readonly Rule[];
  readonly invariants: readonly Invariant[];
}
const POLICY: Policy = { rules: ALL_RULES, invariants: ALL_INVARIANTS };

interface Attempt {
  readonly draft: Draft;
  readonly clock: Clock;
  readonly record: StepRecord;
  readonly facts: { applied: FactRecord[]; stale: FactRecord[]; quarantined: Quarantined[] };
  readonly leftOver: MessageFact[];
  readonly isSettled: boolean;
}

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
  const before = new Set(violationsOf(new Draft(town, now), policy.invariants).map(textOf));
  const suspended = new Set(town.head.suspendedRules?.map(({ rule }) => rule));
  const rules = policy.rules.filter(({ name }) => !suspended.has(name));
  const decideWith = (banned: ReadonlyMap<string, string>, active: readonly Rule[]): Attempt =>
    attempt(town, facts, now, createIds(ids.seed, now), active, banned);
  const introduced = (draft: Draft): Violation[] =>
    violationsOf(draft, policy.invariants).filter((violation) => !before.has(textOf(violation)));

  let banned = new Map<string, string>();
  let result = decideWith(banned, rules);
  let breach = introduced(result.draft);
  let suspendedRules = town.head.suspendedRules;
  if (breach.length > 0) {
    banned = culprits(result, introduced, town, facts, now, ids);
    if (banned.size > 0) {
      result = decideWith(banned, rules);
      breach = introduced(result.draft);
    }
  }
  if (breach.length > 0) {
    const [first] = breach;
    const culprit = rules.find(
      (rule) =>
        introduced(
          decideWith(
            banned,
            rules.filter((other) => other !== rule),
          ).draft,
        ).length === 0,
    );
    const active = culprit === undefined ? [] : rules.filter((rule) => rule !== culprit);
    result = decideWith(banned, active);
    const violation = first === undefined ? '' : textOf(first);
    const named = culprit === undefined ? rules.map(({ name }) => name) : [culprit.name];
    suspendedRules = [...(suspendedRules ?? []), ...named.map((rule) => ({ rule, since: now, violation }))];
  }
  return outcomeOf(town, now, ids, result, suspendedRules, [
    ...violationsOf(result.draft, policy.invariants),
    ...breach,
  ]);
}

const textOf = ({ invariant, detail }: Violation): string => `${invariant}: ${detail}`;
const keyOf = ({ source, id }: FactRecord): string => `${source} ${id}`;

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

function attempt(
  town: Town,
  facts: readonly MessageFact[],
  now: Instant,
  ids: Ids,
  rules: readonly Rule[],
  banned: ReadonlyMap<string, string>,
): Attempt {
  const record = newStepRecord();
  const done: Attempt['facts'] = { applied: [], stale: [], quarantined: [] };
  const leftOver: MessageFact[] = [];
  let draft = new Draft(town, now);
  let clock = createClock(now);

  /** False: the step has no room for it. A fact that fills a step alone is applied alone. */
  const apply = (source: FactRecord, name: string, act: (step: Step) => FactOutcome): boolean => {
    const reason = banned.get(keyOf(source));
    if (reason !== undefined) {
      done.quarantined.push({ ...source, error: reason });
      return true;
    }
    const trial = draft.fork();
    const decisionsBefore = record.decisions.length;
    try {
      const result = act(createStep(`fact/${name}`, trial, clock, ids, record));
      if (trial.itemCount() >= STEP_BUDGET && draft.itemCount() > 0) {
        record.decisions.length = decisionsBefore;
        record.isOutOfRoom = true;
        return false;
      }
      draft = trial;
      done[result].push(source);
    } catch (error) {
      record.decisions.length = decisionsBefore;
      done.quarantined.push({ ...source, error: error instanceof Error ? error.message : 'not an error' });
    }
    return true;
  };

  for (const item of town.inbox) {
    const { statement } = item;
    const source = { source: 'inbox', id: item.id, fact: statement } as const;
    if (!apply(source, statement.type, (step) => applyStatement(step, statement))) break;
    draft.takenInbox.add(item.id);
  }
  apply(
    { source: 'message', id: 'observed', fact: { type: 'observed', observed: town.observed } },
    'observed',
    (step) => {
      const decisions = record.decisions.length;
      applyObserved(step);
      return record.decisions.length > decisions ? 'applied' : 'stale';
    },
  );
  for (const [index, fact] of facts.entries()) {
    const source = { source: 'message', id: `${index}`, fact } as const;
    const isApplied =
      leftOver.length === 0 && apply(source, fact.type, (step) => applyMessageFact(step, fact));
    if (!isApplied) leftOver.push(fact);
  }

  let isSettled = rules.length === 0;
  for (let pass = 0; pass < MAX_PASSES && !isSettled; pass += 1) {
    // Waits of an earlier pass may be over; only the last pass says what the town waits for.
    clock = createClock(now);
    const decisionsBefore = record.decisions.length;
    for (const rule of rules) rule.run(createStep(rule.name, draft, clock, ids, record));
    isSettled = record.decisions.length === decisionsBefore;
    if (record.isOutOfRoom) break;
  }
  return { draft, clock, record, facts: done, leftOver, isSettled: isSettled && !record.isOutOfRoom };
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
    container: isContainerChanged ? draft.container : undefined,
    suspendedRules,
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
