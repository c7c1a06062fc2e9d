import { issuesOfRig, type SettingIssue } from './check.ts';
import { mergeSettings } from './merge.ts';
import { rigConfigSchema, type RigConfig } from './rig.ts';
import { patchOf, type Patch } from './shapes.ts';
import type { TownConfig } from './town.ts';

export const rigPatchSchema = patchOf(rigConfigSchema);
export type RigPatch = Patch<RigConfig>;

/** A rig's settings after a patch, and what is wrong with them. Empty: they can be stored. */
export function patchRig(
  town: TownConfig,
  stored: RigConfig,
  patch: RigPatch,
): { readonly config: RigConfig; readonly issues: readonly SettingIssue[] } {
  const config = mergeSettings<RigConfig>(rigConfigSchema, stored, patch);
  return { config, issues: issuesOfRig(town, config) };
}
