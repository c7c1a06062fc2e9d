import * as z from 'zod';
import {
  effectiveRigSettings,
  effectiveTownSettings,
  rigConfigSchema,
  townConfigSchema,
  type EffectiveRigSettings,
  type EffectiveTownSettings,
} from '../../../core/town/config.ts';
import { completeOf } from '../../../core/town/config/shapes.ts';
import { townConfig } from '../inputs/config.ts';

/** Settings with every default; made of the same schema as what is set. */
const effectiveTown = completeOf(townConfigSchema.omit({ secrets: true })).meta({
  id: 'EffectiveTownConfig',
}) as unknown as z.ZodType<EffectiveTownSettings>;

export const effectiveRig = completeOf(rigConfigSchema).meta({
  id: 'EffectiveRigConfig',
}) as unknown as z.ZodType<EffectiveRigSettings>;

export const townSettings = z
  .strictObject({
    config: townConfig.meta({ description: 'As set; secrets are shown as **** and their last characters' }),
    effective: effectiveTown.meta({ description: 'With every default; without secrets' }),
  })
  .meta({ id: 'TownSettings' });

const set = { refinery: { gates: ['npm test'] }, container: { sleepAfterMinutes: 10 } };

export const townSettingsExample: z.infer<typeof townSettings> = {
  config: { ...set, gitAuth: { githubToken: '****x7Qe' }, envVars: { NPM_TOKEN: '****9f3c' } },
  effective: effectiveTownSettings(set),
};

export const effectiveRigExample = effectiveRigSettings(set, {});
