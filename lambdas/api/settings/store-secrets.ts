import type { Secrets } from '../../../core/ports.ts';
import type { Ids } from '../../../core/ids.ts';
import type { GivenSecret } from '../../../core/town/config/town-patch.ts';
import type { Instant } from '../../../core/town/instant.ts';

/**
 * Keeps secrets that came with settings. They count only once the settings name their versions: whatever stops in between
 * leaves the old ones in force.
 * @returns versions by name
 */
export async function storeSecrets(
  secrets: Secrets,
  townId: string,
  given: readonly GivenSecret[],
  { ids, at }: { readonly ids: Ids; readonly at: Instant },
): Promise<ReadonlyMap<string, string>> {
  const versioned = given.map(({ name, value }) => ({ name, value, version: ids.next() }));
  await Promise.all(versioned.map((secret) => secrets.put(townId, secret, at)));
  return new Map(versioned.map(({ name, version }) => [name, version]));
}
