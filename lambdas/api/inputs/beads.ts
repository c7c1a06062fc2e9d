import * as z from 'zod';
import { priority } from '../../../core/town/bead.ts';
import { MAX_STEPS } from '../../../core/town/molecule.ts';
import { EXAMPLE_IDS } from '../answers/shared.ts';
import { changesSomething, id, label, metadata, NO_CHANGE, text, title } from './fields.ts';

export const createBead = z
  .strictObject({
    rigId: id,
    title,
    body: text.optional(),
    priority: priority.default('medium'),
    labels: z.array(label).max(50).default([]),
    dependsOn: z
      .array(id)
      .max(50)
      .default([])
      .meta({ description: 'Beads that must be closed before this one starts' }),
    held: z.boolean().default(false).meta({ description: 'It waits until somebody starts it' }),
    metadata: metadata.optional(),
    steps: z
      .array(z.strictObject({ title, instructions: z.string().trim().min(1).max(500).optional() }))
      .min(1)
      .max(MAX_STEPS)
      .optional()
      .meta({
        description: 'The worker does them one after the other, and says of each that it is finished',
      }),
  })
  .meta({ id: 'CreateBead' });

export const createBeadExample: z.input<typeof createBead> = {
  rigId: EXAMPLE_IDS.rig,
  title: 'Show the total in the cart',
  body: 'The cart lists its items and no total. Show it below the list, with two decimals.',
  priority: 'high',
  labels: ['cart'],
  dependsOn: [EXAMPLE_IDS.blocker],
};

export const cancelBead = z
  .strictObject({ as: z.enum(['closed', 'failed']), reason: z.string().max(1000).optional() })
  .meta({ id: 'CancelBead' });

export const cancelBeadExample: z.input<typeof cancelBead> = {
  as: 'closed',
  reason: 'It was done by hand.',
};

/** No defaults: what is not named stays as it is. */
export const editBead = z
  .strictObject({
    title: title.optional(),
    body: text.optional(),
    priority: priority.optional(),
    labels: z.array(label).max(50).optional().meta({ description: 'All of them' }),
    dependsOn: z.array(id).max(50).optional().meta({ description: 'All of them; only while it is open' }),
  })
  .refine(changesSomething, NO_CHANGE)
  .meta({ id: 'EditBead' });

export const editBeadExample: z.input<typeof editBead> = {
  title: 'Show the total in the cart',
  priority: 'critical',
};
