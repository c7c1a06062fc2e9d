import { Conflict, NotFound, Unavailable, VersionConflict } from '../../core/errors.ts';
import type { TownStore } from '../../core/ports.ts';
import type { Head } from '../../core/town/head.ts';
import type { Town } from '../../core/town/town.ts';
import { userOf } from '../http/claims.ts';
import type { Request } from '../http/route.ts';
import { mayTouch, type Caller } from './caller.ts';

/** A request for something of a town. */
export type TownRequest = Pick<Request<unknown, unknown, 'townId'>, 'event' | 'params'>;

/** What belongs to somebody else is not there. */
export async function headOf(store: TownStore, caller: Caller, townId: string): Promise<Head> {
  const head = await store.head(townId);
  if (head === undefined || !mayTouch(caller, head)) throw new NotFound(`There is no town ${townId}.`);
  return head;
}

export async function townOf(store: TownStore, caller: Caller, townId: string): Promise<Town> {
  return store.load(await headOf(store, caller, townId));
}

/** The town that a request speaks of, if it is one of the user's. */
export const requestedTown = (store: TownStore, { event, params }: TownRequest): Promise<Town> =>
  townOf(store, userOf(event), params.townId);

/** Writes that are checked against the town they read; lost races are read and checked again. */
const MAX_RACES = 8;
const LONGEST_PAUSE_MS = 800;

export async function withTown<T>(
  store: TownStore,
  caller: Caller,
  townId: string,
  write: (town: Town) => Promise<T>,
): Promise<T> {
  for (let race = 0; race < MAX_RACES; race += 1) {
    const town = await townOf(store, caller, townId);
    if (town.head.lifecycle === 'deleting') throw new Conflict('The town is being deleted.');
    try {
      return await write(town);
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      // Other writers of a busy town need a moment; the pause is spread ever wider so that they do not meet again.
      const longestMs = Math.min(50 * 2 ** race, LONGEST_PAUSE_MS);
      await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * longestMs));
    }
  }
  throw new Unavailable('The town changes too fast right now; send the same request again.');
}
