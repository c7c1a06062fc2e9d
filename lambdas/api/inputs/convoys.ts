import * as z from 'zod';
import { mergeMode } from '../../../core/town/config.ts';
import { EXAMPLE_IDS } from '../answers/shared.ts';
import { changesSomething, id, NO_CHANGE, text, title } from './fields.ts';

const task = z
  .strictObject({
    title,
    body: text.optional(),
    dependsOn: z
      .array(z.number().int().min(0))
      .max(50)
      .default([])
      .meta({ description: 'Places of other tasks in this list, from 0' }),
  })
  .meta({ id: 'ConvoyTask' });

export const createConvoy = z
  .strictObject({
    rigId: id,
    title,
    tasks: z.array(task).min(1).max(50),
    mergeMode: mergeMode.optional(),
    staged: z.boolean().optional().meta({ description: 'Nothing is dispatched until it is started' }),
  })
  .meta({ id: 'CreateConvoy' });

export const createConvoyExample: z.input<typeof createConvoy> = {
  rigId: EXAMPLE_IDS.rig,
  title: 'A cart with totals',
  tasks: [
    { title: 'Compute the total', body: 'A pure function, with tests.' },
    { title: 'Show the total in the cart', dependsOn: [0] },
  ],
};

export const editConvoy = z
  .strictObject({ title: title.optional(), mergeMode: mergeMode.optional() })
  .refine(changesSomething, NO_CHANGE)
  .meta({ id: 'EditConvoy' });

export const editConvoyExample: z.input<typeof editConvoy> = { title: 'A cart with totals and taxes' };

export const closeConvoy = z
  .strictObject({ reason: z.string().max(1000).optional() })
  .meta({ id: 'CloseConvoy' });

export const closeConvoyExample: z.input<typeof closeConvoy> = { reason: 'The cart is rewritten instead.' };

export const addConvoyBead = z
  .strictObject({
    beadId: id,
    dependsOn: z.array(id).max(50).default([]).meta({ description: 'Beads of the convoy to wait for' }),
  })
  .meta({ id: 'AddConvoyBead' });

export const addConvoyBeadExample: z.input<typeof addConvoyBead> = {
  beadId: EXAMPLE_IDS.blocker,
  dependsOn: [EXAMPLE_IDS.bead],
};
