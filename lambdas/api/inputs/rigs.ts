import * as z from 'zod';
import { branchName } from './branch-name.ts';
import { rigConfig, rigConfigPatch } from './config.ts';
import { changesSomething, id, name, NO_CHANGE } from './fields.ts';

export const createRig = z
  .strictObject({
    name,
    gitUrl: z.string().min(1).max(2048).meta({ description: 'The https:// address of the repository' }),
    defaultBranch: branchName.default('main'),
    integrationId: id.optional().meta({
      description:
        'One of your integrations, of the same owner as the town; it gives access to this repository',
    }),
    config: rigConfig.optional(),
  })
  .meta({ id: 'CreateRig' });

export const createRigExample: z.input<typeof createRig> = {
  name: 'app',
  gitUrl: 'https://github.com/example/app.git',
  config: { refinery: { gates: ['npm test'] } },
};

/** No defaults: what is not named stays as it is. Settings are merged key by key. */
export const editRig = z
  .strictObject({
    name: name.optional(),
    gitUrl: z.string().min(1).max(2048).optional(),
    defaultBranch: branchName.optional(),
    integrationId: id.nullable().optional().meta({ description: 'As at creation; null: as the town has it' }),
    config: rigConfigPatch.optional(),
  })
  .refine(changesSomething, NO_CHANGE)
  .meta({ id: 'EditRig' });

export const editRigExample: z.input<typeof editRig> = { config: { refinery: { codeReview: false } } };
