import { SECRET_SETTINGS, variableOfSecret, type SecretSetting } from './secrets.ts';
import { townSettingsSchema, type TownSettings } from './settings.ts';
import type { TownConfig } from './town.ts';

/**
 * Settings as they are shown: what was set, with a mask in the place of each secret.
 * @param masks by name; a secret that is not among them cannot be used, so it is not shown as set
 */
export function maskedSettings(stored: TownConfig, masks: ReadonlyMap<string, string>): TownSettings {
  const { secrets: _, ...settings } = stored;
  const variables = [...masks].flatMap(([name, mask]) => {
    const variable = variableOfSecret(name);
    return variable === undefined ? [] : [[variable, mask] as const];
  });
  const shown: TownSettings =
    variables.length === 0 ? settings : { ...settings, envVars: Object.fromEntries(variables) };
  const masked = SECRET_SETTINGS.reduce((all, name) => {
    const mask = masks.get(name);
    return mask === undefined ? all : WITH_MASK[name](all, mask);
  }, shown);
  // What newer code or the store added is not shown.
  return townSettingsSchema.parse(masked);
}

const WITH_MASK: Record<SecretSetting, (shown: TownSettings, mask: string) => TownSettings> = {
  'model.apiKey': (shown, apiKey) => ({ ...shown, model: { ...shown.model, apiKey } }),
  'gitAuth.githubToken': (shown, githubToken) => ({ ...shown, gitAuth: { ...shown.gitAuth, githubToken } }),
  'gitAuth.gitlabToken': (shown, gitlabToken) => ({ ...shown, gitAuth: { ...shown.gitAuth, gitlabToken } }),
  githubCliPat: (shown, githubCliPat) => ({ ...shown, githubCliPat }),
};
