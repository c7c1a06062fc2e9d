import * as z from 'zod';
import { headSchema, type Head } from '../../../core/town/head.ts';
import { EXAMPLE_IDS } from './shared.ts';
import { isoOrNull, presentTimes, time, times, timesExample } from './times.ts';

export const town = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    orgId: z.string().optional(),
    lifecycle: headSchema.shape.lifecycle,
    dueAt: time
      .nullable()
      .meta({ description: 'When the town looks again by itself; null: when something happens' }),
    ...times,
  })
  .meta({ id: 'Town' });

export const presentTown = (head: Head): z.infer<typeof town> => ({
  id: head.id,
  name: head.name,
  orgId: head.orgId,
  lifecycle: head.lifecycle,
  dueAt: isoOrNull(head.dueAt),
  ...presentTimes(head),
});

export const townExample: z.infer<typeof town> = {
  id: EXAMPLE_IDS.town,
  name: 'My town',
  lifecycle: 'active',
  dueAt: null,
  ...timesExample,
};
