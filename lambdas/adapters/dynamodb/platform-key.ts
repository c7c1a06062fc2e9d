import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { Unavailable } from '../../../core/errors.ts';
import { parseStored } from './items.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';
import { ABSENT } from './writes.ts';

/** Keys that the functions of an installation share and nobody else needs; KMS would be asked for every page of a list. */
export type PlatformKeyName = 'cursor' | 'installState';

const KEY_BYTES = 32;
const keyItem = z.object({ key: z.instanceof(Uint8Array).refine((key) => key.length === KEY_BYTES) });

/**
 * The key of that name, made at the first use: whoever comes first makes it, all others read that one. Ask once a cold start.
 * @returns 32 random bytes
 * @throws Unavailable, CorruptItem
 */
export async function platformKey(options: TownTableOptions, name: PlatformKeyName): Promise<Uint8Array> {
  const table = new TownTable(options);
  const key = { pk: 'PLATFORM#KEYS', sk: name };
  const read = async (): Promise<Uint8Array | undefined> => {
    const item = await table.get('platformKey', key);
    return item === undefined ? undefined : parseStored(keyItem, item).key;
  };
  const known = await read();
  if (known !== undefined) return known;
  const item = { key: new Uint8Array(randomBytes(KEY_BYTES)), ...key };
  await table.write('platformKey', { op: 'put', item, condition: ABSENT });
  const made = await read();
  if (made === undefined)
    throw new Unavailable('A key of this installation could not be read. Try again in a moment.');
  return made;
}
