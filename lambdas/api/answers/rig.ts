import * as z from 'zod';
import { effectiveRigSettings, type TownConfig } from '../../../core/town/config.ts';
import { forgeOf, type Rig } from '../../../core/town/rig.ts';
import { rigConfig } from '../inputs/config.ts';
import { effectiveRig, effectiveRigExample } from './config.ts';
import { EXAMPLE_IDS } from './shared.ts';
import { iso, presentTimes, time, times, timesExample } from './times.ts';

export const rig = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    gitUrl: z.string(),
    defaultBranch: z.string(),
    forge: z.enum(['github']).nullable().meta({
      description:
        'What has pull requests for it; null: a plain git remote, into which the town merges directly',
    }),
    integrationId: z.string().nullable().meta({
      description: 'What gives access to this repository; null: what the town has in `gitAuth`',
    }),
    config: rigConfig.meta({ description: 'What was set for this rig; the rest is as the town has it' }),
    removingSince: time.optional().meta({ description: 'It is being removed: it takes no new work' }),
    ...times,
  })
  .meta({ id: 'Rig', description: 'A git repository that the town works on' });

export const presentRig = ({
  id,
  name,
  gitUrl,
  defaultBranch,
  integrationId,
  config,
  removing,
  ...rest
}: Rig): z.infer<typeof rig> => ({
  id,
  name,
  gitUrl,
  defaultBranch,
  forge: forgeOf({ ...rest, gitUrl }) ?? null,
  integrationId: integrationId ?? null,
  config,
  ...(removing === undefined ? {} : { removingSince: iso(removing.at) }),
  ...presentTimes(rest),
});

export const rigExample: z.infer<typeof rig> = {
  id: EXAMPLE_IDS.rig,
  name: 'app',
  gitUrl: 'https://github.com/example/app.git',
  defaultBranch: 'main',
  forge: 'github',
  integrationId: null,
  config: { refinery: { gates: ['npm test'] } },
  ...timesExample,
};

export const rigWithSettings = z
  .strictObject({
    ...rig.shape,
    effective: effectiveRig.meta({
      description: 'The rig’s own settings, else the town’s, else the defaults',
    }),
  })
  .meta({ id: 'RigWithSettings', description: 'A git repository, and all settings that hold for it' });

export const presentRigWithSettings = (town: TownConfig, record: Rig): z.infer<typeof rigWithSettings> => ({
  ...presentRig(record),
  effective: effectiveRigSettings(town, record.config),
});

export const rigWithSettingsExample: z.infer<typeof rigWithSettings> = {
  ...rigExample,
  effective: effectiveRigExample,
};
