import * as z from 'zod';
import { townConfig } from './config.ts';
import { id, name } from './fields.ts';

export const createTown = z
  .strictObject({
    name,
    orgId: id.optional().meta({ description: 'One of your organisations; its members see the town too' }),
    config: townConfig.optional(),
  })
  .meta({ id: 'CreateTown' });

export const createTownExample: z.input<typeof createTown> = {
  name: 'My town',
  config: { refinery: { gates: ['npm test'] }, container: { sleepAfterMinutes: 10 } },
};
