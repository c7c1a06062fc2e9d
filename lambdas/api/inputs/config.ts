import {
  rigConfigSchema,
  rigPatchSchema,
  strictly,
  townPatchSchema,
  townSettingsSchema,
} from '../../../core/town/config.ts';

/** Settings as people write them: unknown fields are refused with their path, however deep they are. */

export const townConfig = strictly(townSettingsSchema).meta({ id: 'TownConfig' });
export const rigConfig = strictly(rigConfigSchema).meta({ id: 'RigConfig' });

const PATCHING = 'What is not named stays; groups are merged field by field; null clears.';

export const townConfigPatch = townPatchSchema.meta({
  id: 'TownConfigPatch',
  description: `${PATCHING} A secret sent back as its mask stays; envVars replaces all that were set.`,
});
export const rigConfigPatch = rigPatchSchema.meta({ id: 'RigConfigPatch', description: PATCHING });

export const townConfigPatchExample = {
  roleModels: { polecat: 'anthropic/claude-sonnet-4-6', mayor: null },
  refinery: { gates: ['npm ci', 'npm test'] },
  envVars: { NPM_CONFIG_REGISTRY: 'https://npm.example.com/', NPM_TOKEN: '****9f3c' },
};
