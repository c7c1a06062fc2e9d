import * as z from 'zod';
import { containerSchema } from '../../../core/town/container.ts';
import { headSchema } from '../../../core/town/head.ts';
import { time } from './times.ts';

const count = z.number().int();

export const status = z
  .strictObject({
    lifecycle: headSchema.shape.lifecycle,
    lifecycleSince: time.optional().meta({ description: 'Absent: active since it was made' }),
    container: z.strictObject({
      state: containerSchema.shape.state,
      epoch: count.meta({ description: 'Number of the current or last container' }),
      startedAt: time.optional(),
      lastSyncAt: time.optional(),
    }),
    agents: z.strictObject({ working: count, waiting: count, idle: count, stalled: count }),
    beads: z.strictObject({ open: count, inProgress: count, inReview: count, closed: count, failed: count }),
    convoys: z.strictObject({ open: count, landed: count, needsAttention: count }),
    dueAt: time
      .nullable()
      .meta({ description: 'When the town looks again by itself; null: when something happens' }),
    breaker: z.strictObject({ state: z.enum(['closed', 'open', 'halfOpen']), since: time.optional() }),
    capacity: z.strictObject({
      slots: count.meta({ description: 'Agents that fit in the container at once' }),
      waiting: count.meta({
        description: 'What waits for a place: work, or the container for which the platform has no room',
      }),
    }),
    budget: z
      .strictObject({
        state: z.enum(['ok', 'soft', 'hard']),
        spent: z.strictObject({ tokens: z.number(), costUsd: z.number(), containerMinutes: z.number() }),
        left: z.strictObject({
          tokens: z.number().nullable(),
          costUsd: z.number().nullable(),
          containerMinutes: z.number().nullable(),
        }),
      })
      .meta({ description: 'The town since it was made; `left` until the next limit, null: not limited' }),
    failure: z
      .strictObject({ since: time, count, error: z.string() })
      .optional()
      .meta({ description: 'The town could not be brought forward; it is tried again at `dueAt`' }),
  })
  .meta({ id: 'Status', description: 'The town at a glance' });

export const statusExample: z.infer<typeof status> = {
  lifecycle: 'active',
  container: {
    state: 'running',
    epoch: 3,
    startedAt: '2026-01-05T09:01:00.000Z',
    lastSyncAt: '2026-01-05T09:30:00.000Z',
  },
  agents: { working: 2, waiting: 0, idle: 1, stalled: 0 },
  beads: { open: 4, inProgress: 2, inReview: 1, closed: 12, failed: 0 },
  convoys: { open: 1, landed: 2, needsAttention: 0 },
  dueAt: '2026-01-05T09:35:00.000Z',
  breaker: { state: 'closed' },
  capacity: { slots: 6, waiting: 1 },
  budget: {
    state: 'ok',
    spent: { tokens: 120_000, costUsd: 1.4, containerMinutes: 42 },
    left: { tokens: null, costUsd: 8.6, containerMinutes: null },
  },
};
