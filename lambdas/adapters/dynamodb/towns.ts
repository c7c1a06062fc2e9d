import * as z from 'zod';
import type { Head } from '../../../core/town/head.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { orgOwner } from '../../../core/town/owners.ts';
import { duePk } from './due-shard.ts';
import { parseHead } from './head.ts';
import { parseStored } from './items.ts';
import { headKey, ownerPk, townOfPk } from './keys.ts';
import { DUE_INDEX } from './table.ts';
import type { TownTable } from './town-table.ts';

/** Towns of one owner that one call reads. */
const MAX_TOWNS = 1000;
const ownerRow = z.object({ townId: z.string() });

/** Towns of a user and of organisations, oldest first. @throws NewerSchema, CorruptItem */
export async function readTowns(
  table: TownTable,
  ownerId: string,
  orgIds: readonly string[] = [],
): Promise<Head[]> {
  const ids = new Set<string>();
  for (const owner of [ownerId, ...orgIds.map(orgOwner)]) {
    const rows = await table.query('towns', {
      where: '#pk = :pk AND begins_with(#sk, :prefix)',
      values: { ':pk': ownerPk(owner), ':prefix': 'TOWN#' },
      limit: MAX_TOWNS,
    });
    for (const row of rows) ids.add(parseStored(ownerRow, row).townId);
  }
  const keys = [...ids].map(headKey);
  const heads = (await table.getMany('towns', keys)).map(parseHead);
  return heads.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

const dueEntry = z.object({ dueAt: z.number() });

/** From the index, which follows the head by a moment: a stale entry costs an empty wake-up. */
export async function readDueTowns(
  table: TownTable,
  shard: number,
  now: Instant,
  limit: number,
): Promise<{ townId: string; dueAt: Instant }[]> {
  const items = await table.query('dueTowns', {
    index: DUE_INDEX,
    where: '#duePk = :duePk AND #dueAt <= :now',
    values: { ':duePk': duePk(shard), ':now': now },
    limit,
  });
  return items.map((item) => ({
    townId: townOfPk(String(item['pk'])),
    dueAt: parseStored(dueEntry, item).dueAt,
  }));
}
