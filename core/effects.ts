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

export const effectKey = (effect: Effect): string => `${effect.type}:${effect.epoch}`;

interface RetryPolicy {
  readonly limit: number;
  /** Without an answer for so long the message or its result is taken for lost. */
  readonly answerTimeoutMs: number;
}

const POLICIES: Record<Effect['type'], RetryPolicy> = {
  run_task: { limit: 5, answerTimeoutMs: minutes(1) },
  // Nothing can go on until the old task is known to be gone, and asking again is cheap.
  stop_task: { limit: 200, answerTimeoutMs: minutes(1) },
};
export const retryPolicy = (effect: Effect): RetryPolicy => POLICIES[effect.type];

/** A claim outlives the slowest honest try, and is shorter than the answer's timeout. */
export const CLAIM_MS = seconds(50);

/** Milliseconds before the next try after `attempt` failed ones: 2, 4, 8 … at most 60 s. */
export const retryDelayMs = (attempt: number): number =>
  Math.min(seconds(2) * 2 ** (attempt - 1), seconds(60));

/** A message of the effects queue. `poke` has no row: if it is lost, the next sync does its work. */
export const effectMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('effect'),
    v: z.number().int(),
    townId: z.string(),
    key: z.string(),
    attempt: z.number().int(),
  }),
  z.object({ type: z.literal('poke'), v: z.number().int(), townId: z.string(), epoch: z.number().int() }),
]);
export type EffectMessage = z.infer<typeof effectMessage>;

export interface SentEffect {
  readonly key: string;
  readonly attempt: number;
  readonly at: Instant;
}
