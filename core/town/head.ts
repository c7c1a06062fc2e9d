import * as z from 'zod';
import { endedSchema } from './ended.ts';
import { spentInTown } from './usage.ts';

/** Version of the stored shapes. A head with a newer one refuses a commit of older code (design decision 14). */
export const SCHEMA_VERSION = 1;

/** What rules keep on the head. */
export const RULES_ON_HEAD = ['breaker', 'spent'] as const;

/** The dispatch breaker (design decision H-04): failed dispatches open it, one that started closes it. */
export const breakerSchema = z.object({
  state: z.enum(['closed', 'open', 'halfOpen']),
  since: z.number(),
  /** When dispatches failed, the newest last; those of the window only. */
  failedAt: z.array(z.number()),
  /** The agent whose dispatch is the probe, while it is half-open. */
  probeAgentId: z.string().optional(),
});
export type Breaker = z.infer<typeof breakerSchema>;

/** The first item of a town: who owns it, whether it lives, and the version under which every commit is made. */
export const headSchema = z.object({
  id: z.string(),
  name: z.string(),
  ownerId: z.string(),
  orgId: z.string().optional(),
  lifecycle: z.enum(['active', 'paused', 'deleting']),
  /** Since when, and by whom it was made so; absent: active since it was made. */
  lifecycleSince: z.number().optional(),
  lifecycleBy: z.string().optional(),
  /** Grows with every write of what rules read. */
  version: z.number().int().nonnegative(),
  schema: z.number().int(),
  /** When the sweeper must wake the town; absent: nothing to do until something happens. */
  dueAt: z.number().optional(),
  /** Consecutive failed reconciles. */
  failure: z.object({ since: z.number(), count: z.number().int(), error: z.string() }).optional(),
  /** Rules switched off for this town because they would have broken an invariant: until somebody resumes them, or for other code. */
  suspendedRules: z
    .array(
      z.object({
        rule: z.string(),
        since: z.number(),
        violation: z.string(),
        /** Written by the store: other code does not have to fail as well. */
        codeVersion: z.string().optional(),
      }),
    )
    .optional(),
  /** Somebody watches the town until then; written with each stream ticket, so that a commit need not look for watchers. */
  watchedUntil: z.number().optional(),
  breaker: breakerSchema.optional(),
  /** What the town has spent since it was made. */
  spent: spentInTown.optional(),
  /** Records that have ended so far. */
  ended: endedSchema.optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Head = z.infer<typeof headSchema>;
export type HeadChange = Partial<Pick<Head, (typeof RULES_ON_HEAD)[number]>>;
