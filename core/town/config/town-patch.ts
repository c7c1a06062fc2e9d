import { issuesOfTown, type SettingIssue } from './check.ts';
import { mergeSettings } from './merge.ts';
import { DESTINATIONS, isMask, SECRET_SETTINGS, secretOfVariable, variableOfSecret } from './secrets.ts';
import { townSettingsSchema, type TownSettings } from './settings.ts';
import { patchOf, type Patch } from './shapes.ts';
import { townConfigSchema, type TownConfig } from './town.ts';

export const townPatchSchema = patchOf(townSettingsSchema);
export type TownPatch = Patch<TownSettings>;

/** A secret that is given with a patch. */
export interface GivenSecret {
  readonly name: string;
  readonly value: string;
}

/** What a patch says of each secret that it speaks of: a new value, a mask (it stays), or null (it goes). */
function secretsIn(patch: TownPatch): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const name of SECRET_SETTINGS) {
    const value = valueAt(patch, name);
    // An empty text cannot be a secret: the form's field was emptied.
    if (value === null || value === '') found.set(name, null);
    else if (typeof value === 'string') found.set(name, value);
  }
  for (const [variable, value] of Object.entries(patch.envVars ?? {}))
    found.set(secretOfVariable(variable), value);
  return found;
}

/** A whole group that is cleared takes its secrets along. */
function valueAt(patch: object, path: string): unknown {
  let value: unknown = patch;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return value;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** The values that have to be stored before the patch is applied. */
export const givenSecrets = (patch: TownPatch): GivenSecret[] =>
  [...secretsIn(patch)].flatMap(([name, value]) =>
    value === null || isMask(value) ? [] : [{ name, value }],
  );

export interface PatchedTown {
  readonly config: TownConfig;
  /** Empty: the settings can be stored. */
  readonly issues: readonly SettingIssue[];
}

/**
 * A town's settings after a patch. Secrets have been stored before; the settings only name the version that counts.
 * @param versions by name, of each secret that `givenSecrets` names
 */
export function patchTown(
  stored: TownConfig,
  patch: TownPatch,
  versions: ReadonlyMap<string, string>,
): PatchedTown {
  const issues: SettingIssue[] = [];
  const before = stored.secrets ?? {};
  const secrets = new Map(Object.entries(before));
  if (patch.envVars !== undefined) {
    for (const name of secrets.keys()) if (variableOfSecret(name) !== undefined) secrets.delete(name);
  }
  for (const [name, value] of secretsIn(patch)) {
    const version = versions.get(name) ?? (value === null ? undefined : before[name]);
    if (version !== undefined) secrets.set(name, version);
    else if (value === null) secrets.delete(name);
    else
      issues.push({
        path: name,
        message: 'this is the mask of a secret, and none is stored: give the secret',
      });
  }
  const { secrets: _, ...settings } = stored;
  const merged = mergeSettings<Omit<TownConfig, 'secrets'>>(
    townConfigSchema.omit({ secrets: true }),
    settings,
    patch,
  );
  for (const name of SECRET_SETTINGS) {
    const moved = (DESTINATIONS[name] ?? []).find(
      (path) => valueAt(settings, path) !== valueAt(merged, path),
    );
    const isKept = before[name] !== undefined && secrets.get(name) === before[name];
    if (moved !== undefined && isKept) {
      issues.push({ path: name, message: `${moved} says where this secret is sent: give it again, or null` });
    }
  }
  const config = secrets.size === 0 ? merged : { ...merged, secrets: Object.fromEntries(secrets) };
  return { config, issues: [...issues, ...issuesOfTown(config)] };
}
