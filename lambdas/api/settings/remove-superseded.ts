import type { Secrets } from '../../../core/ports.ts';
import type { TownConfig } from '../../../core/town/config.ts';
import type { Instant } from '../../../core/town/instant.ts';

/** Another change may have kept a secret and not yet named it: longer than a request lives. */
const GRACE_MS = 15 * 60_000;

/**
 * Removes versions that no settings name any more: at once those that `before` named, since a change that still names them cannot
 * be written; later those that an interrupted change has left.
 * @throws Unavailable
 */
export async function removeSuperseded(
  secrets: Secrets,
  townId: string,
  { before, config }: { readonly before: TownConfig; readonly config: TownConfig },
  now: Instant,
): Promise<void> {
  const inForce = config.secrets ?? {};
  const replaced = before.secrets ?? {};
  const kept = await secrets.list(townId);
  const unused = kept.filter(
    ({ name, version, createdAt }) =>
      inForce[name] !== version && (replaced[name] === version || createdAt + GRACE_MS < now),
  );
  await secrets.remove(townId, unused);
}
