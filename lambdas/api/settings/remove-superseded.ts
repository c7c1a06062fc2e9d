import type { Secrets } from '../../../core/ports.ts';
import type { TownConfig } from '../../../core/town/config.ts';
import type { Instant } from '../../../core/town/instant.ts';

/** Another change may have kept a secret and not yet named it: longer than a request lives. */
const GRACE_MS = 15 * 60_000;

/** Removes versions that no settings name any more, also those that an interrupted change has left. @throws Unavailable */
export async function removeSuperseded(
  secrets: Secrets,
  townId: string,
  config: TownConfig,
  now: Instant,
): Promise<void> {
  const inForce = config.secrets ?? {};
  const kept = await secrets.list(townId);
  const unused = kept.filter(
    ({ name, version, createdAt }) => inForce[name] !== version && createdAt + GRACE_MS < now,
  );
  await secrets.remove(townId, unused);
}
