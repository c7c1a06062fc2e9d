import type { Clock } from './clock.ts';
import type { Draft } from './draft.ts';
import { effectKey, type Effect, type SentEffect } from './effects.ts';
import type { Ids } from './ids.ts';
import type { Instant } from './town/instant.ts';
import type { Subject, WaitDetail } from './wait.ts';

/** One thing that was decided, with the rule and the reason; kept in the log. */
export interface Decision {
  /** `<version>-<index>`: unique in the town. */
  readonly id: string;
  readonly rule: string;
  readonly subject: Subject;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly reason: string;
}

/** Items of one commit, without head and log: DynamoDB takes 100 in a transaction. */
export const STEP_BUDGET = 80;

/** What facts and rules work with: the draft, the clock and a place for decisions, under the name of who decides. */
export interface Step {
  readonly draft: Draft;
  readonly now: Instant;
  readonly ids: Ids;
  /** Is there room for `items` more writes in this commit? If not, the rest is decided in the next step, at once. */
  hasRoom(items: number): boolean;
  decide(decision: Omit<Decision, 'id' | 'rule'>): Decision;
  /** Asks for an effect; asking again for one that is asked for already changes nothing. */
  ask(effect: Effect, decision: Decision): void;
  /** Sends the message of an outbox row (again). */
  send(sent: SentEffect): void;
  /** See `Clock.passed`. */
  passed(since: Instant, durationMs: number, wait: WaitDetail): boolean;
  /** Says that something waits for an event. */
  waiting(since: Instant, wait: WaitDetail): void;
}

/** What a step has gathered; shared by all its facts and rules. */
export interface StepRecord {
  readonly decisions: Decision[];
  readonly sent: Map<string, SentEffect>;
  isOutOfRoom: boolean;
}

export const newStepRecord = (): StepRecord => ({ decisions: [], sent: new Map(), isOutOfRoom: false });

export function createStep(by: string, draft: Draft, clock: Clock, ids: Ids, record: StepRecord): Step {
  const { now } = draft;
  const step: Step = {
    draft,
    now,
    ids,
    hasRoom(items) {
      const isRoom = draft.itemCount() + items <= STEP_BUDGET;
      if (!isRoom) record.isOutOfRoom = true;
      return isRoom;
    },
    decide(detail) {
      const id = `${draft.base.head.version + 1}-${record.decisions.length}`;
      const decision = { id, rule: by, ...detail };
      record.decisions.push(decision);
      return decision;
    },
    ask(effect, decision) {
      const key = effectKey(effect);
      if (draft.outbox.has(key)) return;
      draft.setOutbox({ key, effect, decisionId: decision.id, attempt: 1, sentAt: now, createdAt: now });
      step.send({ key, attempt: 1, at: now });
    },
    send(sent) {
      record.sent.set(sent.key, sent);
    },
    passed: (since, durationMs, wait) => clock.passed(since, durationMs, { ...wait, rule: by }),
    waiting: (since, wait) => clock.waiting({ ...wait, rule: by, since }),
  };
  return step;
}
