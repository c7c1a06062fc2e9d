import { NotFound, Unavailable } from '../../../core/errors.ts';
import type { Secrets, TownStore } from '../../../core/ports.ts';
import type { TownConfig } from '../../../core/town/config.ts';

export interface RevealDeps {
  readonly store: Pick<TownStore, 'config'>;
  readonly secrets: Secrets;
}

/** A change of settings may remove the version that they named a moment ago. */
const TRIES = 3;

/**
 * A town's settings with the values of the secrets that are asked for, both of the same moment.
 * @param isWanted whether the secret of this name is asked for, by the settings
 */
export async function revealed(
  { store, secrets }: RevealDeps,
  townId: string,
  isWanted: (name: string, config: TownConfig) => boolean,
): Promise<{ config: TownConfig; values: ReadonlyMap<string, string> }> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const config = await store.config(townId);
    if (config === undefined) throw new NotFound(`There is no town ${townId}.`);
    const wanted = Object.entries(config.secrets ?? {}).flatMap(([name, version]) =>
      isWanted(name, config) ? [{ name, version }] : [],
    );
    const values = await secrets.reveal(townId, wanted);
    const isComplete = values.size === wanted.length;
    if (isComplete || (await store.config(townId))?.rev === config.rev) return { config, values };
  }
  throw new Unavailable('The settings change too fast right now. Try again in a moment.');
}
