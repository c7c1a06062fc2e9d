import type { Secrets } from '../../../core/ports.ts';
import {
  effectiveTownSettings,
  type EffectiveTownSettings,
  type TownConfig,
  type TownSettings,
} from '../../../core/town/config.ts';
import { maskedSettings } from '../../../core/town/config/masked.ts';

export interface ShownSettings {
  /** As set; secrets are masked. */
  readonly config: TownSettings;
  /** With every default; without secrets. */
  readonly effective: EffectiveTownSettings;
}

/** Settings for people. @throws Unavailable */
export async function shownSettings(
  secrets: Secrets,
  townId: string,
  config: TownConfig,
): Promise<ShownSettings> {
  const inForce = config.secrets ?? {};
  const known = Object.keys(inForce).length === 0 ? [] : await secrets.list(townId);
  const masks = known.flatMap(({ name, version, mask }) =>
    inForce[name] === version ? [[name, mask] as const] : [],
  );
  return { config: maskedSettings(config, new Map(masks)), effective: effectiveTownSettings(config) };
}
