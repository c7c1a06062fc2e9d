import * as z from 'zod';
import { beadSchema, type Bead } from '../../../core/town/bead.ts';
import { edge, EXAMPLE_IDS, problemOfRecord, usage, usageExample } from './shared.ts';
import { iso, isoOrNull, presentTimes, time, times, timesExample } from './times.ts';

const { type, status, priority } = beadSchema.shape;

export const bead = z
  .strictObject({
    id: z.string(),
    type,
    rigId: z.string(),
    title: z.string(),
    body: z.string().optional().meta({ description: 'What to do; in the answer for one bead, not in lists' }),
    status,
    statusSince: time,
    priority,
    labels: z.array(z.string()),
    metadata: z.record(z.string(), z.unknown()),
    held: z.boolean().meta({ description: 'It waits until somebody starts it' }),
    dependsOn: z.array(edge),
    convoyId: z.string().nullable(),
    agentId: z.string().nullable().meta({ description: 'Who works on it' }),
    branch: z.string().nullable(),
    attempt: z.number().int().meta({ description: 'Number of the current or last attempt; 0: none yet' }),
    steps: z
      .array(
        z.strictObject({
          title: z.string(),
          instructions: z.string().optional(),
          summary: z
            .string()
            .nullable()
            .meta({ description: 'What the worker said of it; null: not finished' }),
        }),
      )
      .optional()
      .meta({ description: 'Steps of the work, in order; absent: it has none' }),
    feedback: z.string().optional().meta({ description: 'Why the last attempt was not accepted' }),
    failure: problemOfRecord.optional(),
    usage,
    closedAt: time.nullable(),
    ...times,
  })
  .meta({ id: 'Bead', description: 'A work item' });

export const presentBead = (record: Bead, body?: string): z.infer<typeof bead> => ({
  id: record.id,
  type: record.type,
  rigId: record.rigId,
  title: record.title,
  body,
  status: record.status,
  statusSince: iso(record.statusSince),
  priority: record.priority,
  labels: record.labels,
  metadata: record.metadata ?? {},
  held: record.isHeld,
  dependsOn: record.dependsOn,
  convoyId: record.convoyId ?? null,
  agentId: record.assigneeAgentId ?? null,
  branch: record.branch ?? null,
  attempt: record.attempt,
  steps: record.molecule?.steps.map((step, nth) => ({
    ...step,
    summary: record.molecule?.summaries[nth] ?? null,
  })),
  feedback: record.feedback,
  failure: record.failure,
  usage: record.usage,
  closedAt: isoOrNull(record.closedAt),
  ...presentTimes(record),
});

/** As lists show it. */
export const beadExample: z.infer<typeof bead> = {
  id: EXAMPLE_IDS.bead,
  type: 'issue',
  rigId: EXAMPLE_IDS.rig,
  title: 'Show the total in the cart',
  status: 'in_progress',
  statusSince: '2026-01-05T09:30:00.000Z',
  priority: 'high',
  labels: ['cart'],
  metadata: {},
  held: false,
  dependsOn: [{ id: EXAMPLE_IDS.blocker, outcome: 'closed' }],
  convoyId: EXAMPLE_IDS.convoy,
  agentId: EXAMPLE_IDS.agent,
  branch: 'convoy/a-cart-with-totals/a1e25e05/gt/toast/c2ab3c03',
  attempt: 1,
  usage: usageExample,
  closedAt: null,
  ...timesExample,
};

export const beadWithBodyExample: z.infer<typeof bead> = {
  ...beadExample,
  body: 'The cart lists its items and no total. Show it below the list, with two decimals.',
};

/** Before anybody has worked on it. */
export const newBeadExample: z.infer<typeof bead> = {
  ...beadWithBodyExample,
  status: 'open',
  statusSince: timesExample.createdAt,
  dependsOn: [{ id: EXAMPLE_IDS.blocker, outcome: 'open' }],
  convoyId: null,
  agentId: null,
  branch: null,
  attempt: 0,
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  updatedAt: timesExample.createdAt,
};
