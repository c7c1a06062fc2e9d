import * as z from 'zod';
import type { Instant } from './town/instant.ts';
import { minutes, seconds } from './town/instant.ts';

/** What the town asks of the outside. The row is committed with the state that asked for it. */
export const effectSchema = z.discriminatedUnion('type', [
  /** Start the task of an epoch; idempotent by the client token. */
  z.object({ type: z.literal('run_task'), epoch: z.number().int() }),
  /** Stop the task of an epoch; done only when the platform says that it has stopped. */
  z.object({
    type: z.literal('stop_task'),
    epoch: z.number().int(),
    taskArn: z.string().optional(),
    reason: z.string(),
    /** Until then "no such task" is not believed: a RunTask may still be under way. */
    absenceProvenAt: z.number(),
  }),
  /** Open a pull request, or find the one that is there; `n` makes a later one another effect. */
  z.object({ type: z.literal('open_pull_request'), mergeRequestId: z.string(), n: z.number().int() }),
  /** Ask the forges how these stand. One at a time for the town: its answers are all that is known of them. */
  z.object({ type: z.literal('observe_pull_requests'), mergeRequestIds: z.array(z.string()) }),
  /** Look again, and merge exactly this head if nothing blocks it. */
  z.object({
    type: z.literal('merge_pull_request'),
    mergeRequestId: z.string(),
    n: z.number().int(),
    headSha: z.string(),
    /** Later it merges nothing: much may have happened since it was asked for. */
    notAfter: z.number(),
  }),
  /** Write the town as JSON Lines to the store of exports, and its record of the export. */
  z.object({ type: z.literal('export_town'), exportId: z.string() }),
  /** Delete everything of a town that is being deleted: snapshots, secrets, records, the head last. It needs no answer. */
  z.object({ type: z.literal('purge_town') }),
]);
export type Effect = z.infer<typeof effectSchema>;

export const outboxRowSchema = z.object({
  /** Idempotency key: one row, one effect. */
  key: z.string(),
  effect: effectSchema,
  decisionId: z.string(),
  /** Tries asked for so far. */
  attempt: z.number().int().positive(),
  sentAt: z.number(),
  /** A try that failed before `sentAt + retryDelay` is repeated from here. */
  failedAt: z.number().optional(),
  lastError: z.object({ code: z.string(), message: z.string() }).optional(),
  /** Set when the limit was reached or the error will not go away: shown, not repeated. */
  exhaustedAt: z.number().optional(),
  createdAt: z.number(),
  /** Written by workers only; rules never read it. */
  claimedUntil: z.number().optional(),
});
export type OutboxRow = z.infer<typeof outboxRowSchema>;

/** How a worker says that the platform has no room for the task, or a quota is used up. */
export const NO_CAPACITY = 'no_capacity';

export function effectKey(effect: Effect): string {
  switch (effect.type) {
    case 'run_task':
    case 'stop_task':
      return `${effect.type}:${effect.epoch}`;
    case 'open_pull_request':
    case 'merge_pull_request':
      return `${effect.type}:${effect.mergeRequestId}:${effect.n}`;
    case 'observe_pull_requests':
      return effect.type;
    case 'export_town':
      return `export_town:${effect.exportId}`;
    case 'purge_town':
      return 'purge_town';
  }
}

interface RetryPolicy {
  readonly limit: number;
  /** Without an answer for so long the message or its result is taken for lost. */
  readonly answerTimeoutMs: number;
}

const POLICIES: Record<Effect['type'], RetryPolicy> = {
  run_task: { limit: 5, answerTimeoutMs: minutes(1) },
  // Nothing can go on until the old task is known to be gone, and asking again is cheap.
  stop_task: { limit: 200, answerTimeoutMs: minutes(1) },
  // They are idempotent; what the forge answers is counted with the merge request, and here only that nothing was answered.
  open_pull_request: { limit: 1000, answerTimeoutMs: minutes(1) },
  observe_pull_requests: { limit: 1000, answerTimeoutMs: minutes(1) },
  merge_pull_request: { limit: 1000, answerTimeoutMs: minutes(1) },
  // Reading and writing a large town takes the worker a few minutes.
  export_town: { limit: 5, answerTimeoutMs: minutes(16) },
  // A deletion that stopped half-way goes on where it was; nothing is left to do but that.
  purge_town: { limit: 1000, answerTimeoutMs: minutes(16) },
};
export const retryPolicy = (effect: Effect): RetryPolicy => POLICIES[effect.type];

/** A claim outlives the slowest honest try, and is shorter than the answer's timeout. */
export const claimMs = (effect: Effect): number => retryPolicy(effect).answerTimeoutMs - seconds(10);

/** Milliseconds before the next try after `attempt` failed ones: 2, 4, 8 … at most 60 s. */
export const retryDelayMs = (attempt: number): number =>
  Math.min(seconds(2) * 2 ** (attempt - 1), seconds(60));

/**
 * A message of the effects queue. Two have no row. `poke`: if it is lost, the next sync does its work. `import`: there is no
 * town yet; if it is lost, whoever asks how the import stands sends it again.
 */
export const effectMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('effect'),
    v: z.number().int(),
    townId: z.string(),
    key: z.string(),
    attempt: z.number().int(),
  }),
  z.object({ type: z.literal('poke'), v: z.number().int(), townId: z.string(), epoch: z.number().int() }),
  /** Tell who watches the town what changed. Without a row: what they miss they can always read. */
  z.object({
    type: z.literal('changed'),
    v: z.number().int(),
    townId: z.string(),
    version: z.number().int(),
    subjects: z.array(z.object({ kind: z.string(), id: z.string() })),
  }),
  z.object({ type: z.literal('import'), v: z.number().int(), ownerId: z.string(), importId: z.string() }),
]);
export type EffectMessage = z.infer<typeof effectMessage>;

export interface SentEffect {
  readonly key: string;
  readonly attempt: number;
  readonly at: Instant;
}
