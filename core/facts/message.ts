import * as z from 'zod';
import { forgeReportSchema } from '../pull-request/observation.ts';

/** Pull requests that one message speaks of at most. */
export const MAX_REPORTS = 50;

/** Facts that travel in messages only. Each has its recovery: the outbox (effect results), the next look (pull requests), DescribeTasks (task states). */
export const messageFact = z.discriminatedUnion('type', [
  /** A worker tried the effect of an outbox row. */
  z.object({
    type: z.literal('effect_result'),
    key: z.string(),
    /** The try it speaks of; an older one changes nothing. */
    attempt: z.number().int(),
    result: z.discriminatedUnion('ok', [
      z.object({
        ok: z.literal(true),
        taskArn: z.string().optional(),
        /** What a forge answered. */
        reports: z.array(forgeReportSchema).max(MAX_REPORTS).optional(),
      }),
      z.object({
        ok: z.literal(false),
        code: z.string(),
        message: z.string(),
        retry: z.enum(['now', 'backoff', 'never']),
      }),
    ]),
  }),
  /** A forge said that something has changed at a rig's repository: at pull requests, at a commit, or at a branch. */
  z.object({
    type: z.literal('forge_heard'),
    rigId: z.string(),
    numbers: z.array(z.number().int().positive()).max(MAX_REPORTS),
    headSha: z.string().optional(),
    branch: z.string().optional(),
  }),
  /** The platform says that a task has stopped. */
  z.object({
    type: z.literal('task_stopped'),
    epoch: z.number().int(),
    reason: z.string(),
    exitCode: z.number().int().optional(),
  }),
  /** The container lambda stored a report with something new in it: the live range must be read. */
  z.object({ type: z.literal('container_synced'), epoch: z.number().int(), sequence: z.number().int() }),
]);
export type MessageFact = z.infer<typeof messageFact>;

/** Version of the messages on the town queue. */
export const MESSAGE_VERSION = 1;

/** A message of the town queue: a wake-up, with or without a fact. */
export const townMessage = z.object({
  v: z.number().int(),
  townId: z.string().min(1),
  fact: messageFact.optional(),
});
export type TownMessage = z.infer<typeof townMessage>;
