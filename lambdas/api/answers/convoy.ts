import * as z from 'zod';
import { convoySchema, type Convoy } from '../../../core/town/convoy.ts';
import { noUsage } from '../../../core/town/usage.ts';
import { bead, newBeadExample } from './bead.ts';
import { edge, EXAMPLE_IDS, problemOfRecord, usage, usageExample } from './shared.ts';
import { iso, isoOrNull, presentTimes, time, times, timesExample } from './times.ts';

const shape = {
  id: z.string(),
  rigId: z.string(),
  title: z.string(),
  mergeMode: convoySchema.shape.mode,
  state: convoySchema.shape.state,
  stateSince: time,
  featureBranch: z.string().meta({ description: "Where the beads' branches merge in review-then-land" }),
  beads: z.array(edge),
  landingMergeRequestId: z.string().nullable(),
  attention: problemOfRecord.optional().meta({ description: 'Why it waits for a person' }),
  usage,
  closedAt: time.nullable(),
  ...times,
};

export const convoy = z
  .strictObject(shape)
  .meta({ id: 'Convoy', description: 'Beads that belong together and land together' });

export const convoyWithBeads = z
  .strictObject({
    ...shape,
    items: z.array(bead).meta({ description: 'Its beads, in the order of the tasks' }),
  })
  .meta({ id: 'ConvoyWithBeads' });

export const presentConvoy = (record: Convoy): z.infer<typeof convoy> => ({
  id: record.id,
  rigId: record.rigId,
  title: record.title,
  mergeMode: record.mode,
  state: record.state,
  stateSince: iso(record.stateSince),
  featureBranch: record.featureBranch,
  beads: record.beads,
  landingMergeRequestId: record.landingMergeRequestId ?? null,
  attention: record.attention,
  usage: record.usage ?? noUsage,
  closedAt: isoOrNull(record.closedAt),
  ...presentTimes(record),
});

export const convoyExample: z.infer<typeof convoy> = {
  id: EXAMPLE_IDS.convoy,
  rigId: EXAMPLE_IDS.rig,
  title: 'A cart with totals',
  mergeMode: 'review-then-land',
  state: 'active',
  stateSince: '2026-01-05T09:00:00.000Z',
  featureBranch: 'convoy/a-cart-with-totals/a1e25e05/head',
  beads: [{ id: EXAMPLE_IDS.bead, outcome: 'open' }],
  landingMergeRequestId: null,
  usage: usageExample,
  closedAt: null,
  ...timesExample,
};

export const convoyWithBeadsExample: z.infer<typeof convoyWithBeads> = {
  ...convoyExample,
  items: [{ ...newBeadExample, dependsOn: [], convoyId: EXAMPLE_IDS.convoy }],
};
