/** A town's and a rig's settings: what is stored, what holds, and what people may write. One file each in `config/`. */
export { mergeMode, type MergeMode } from './config/merge-mode.ts';
export { rigConfigSchema, type RigConfig } from './config/rig.ts';
export { townConfigSchema, type TownConfig } from './config/town.ts';
export { townSettingsSchema, type TownSettings } from './config/settings.ts';
export { seededConfig } from './config/seed.ts';
export {
  agentSlots,
  effectiveConfig,
  effectiveRigSettings,
  effectiveTownSettings,
  instructionsOf,
  sleepAfterMs,
  type EffectiveConfig,
  type EffectiveRigSettings,
  type EffectiveTownSettings,
} from './config/effective.ts';
export { strictly, type Patch } from './config/shapes.ts';
export { patchTown, townPatchSchema, type TownPatch } from './config/town-patch.ts';
export { patchRig, rigPatchSchema, type RigPatch } from './config/rig-patch.ts';
