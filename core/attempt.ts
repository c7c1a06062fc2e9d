import { createClock, type Clock } from './clock.ts';
import { Draft } from './draft.ts';
import { applyMessageFact, applyStatement } from './facts/apply.ts';
import type { FactOutcome } from './facts/fact.ts';
import type { MessageFact } from './facts/message.ts';
import { applyObserved } from './facts/observed.ts';
import type { Ids } from './ids.ts';
import type { Rule } from './rules/rule.ts';
import { createStep, newStepRecord, STEP_BUDGET, type Step, type StepRecord } from './step.ts';
import type { Instant } from './town/instant.ts';
import type { Town } from './town/town.ts';

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

export const keyOf = ({ source, id }: FactRecord): string => `${source} ${id}`;

/** Rules see each other's decisions at once; a town that has not settled after so many passes goes on in a next step. */
const MAX_PASSES = 8;
/** One way to take a step: with these rules, and without these facts. */
export interface Attempt {
  readonly draft: Draft;
  readonly clock: Clock;
  readonly record: StepRecord;
  readonly facts: { applied: FactRecord[]; stale: FactRecord[]; quarantined: Quarantined[] };
  readonly leftOver: MessageFact[];
  readonly isSettled: boolean;
}

/**
 * Applies facts, then runs rules until they are settled, on a draft of the town.
 * @param banned facts to quarantine instead, by `keyOf`, with the reason
 */
export function attempt(
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

  // Left where it is, it would be read again in every step and stop nothing, but nobody would ever look at it.
  for (const { kind, id, error, item } of town.unreadable ?? []) {
    if (kind !== 'statement' || draft.itemCount() >= STEP_BUDGET) continue;
    done.quarantined.push({ source: 'inbox', id, fact: item, error });
    draft.takenInbox.add(id);
  }
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

  // As the facts have left the head: somebody may have resumed a rule.
  const { lifecycle, suspendedRules = [] } = draft.head;
  const active = rules.filter(
    ({ name, lifecycles = ['active'] }) =>
      lifecycles.includes(lifecycle) && !suspendedRules.some(({ rule }) => rule === name),
  );
  let isSettled = active.length === 0;
  for (let pass = 0; pass < MAX_PASSES && !isSettled; pass += 1) {
    // Waits of an earlier pass may be over; only the last pass says what the town waits for.
    clock = createClock(now);
    const decisionsBefore = record.decisions.length;
    for (const rule of active) rule.run(createStep(rule.name, draft, clock, ids, record));
    isSettled = record.decisions.length === decisionsBefore;
    if (record.isOutOfRoom) break;
  }
  return { draft, clock, record, facts: done, leftOver, isSettled: isSettled && !record.isOutOfRoom };
}
