import { NotFound } from '../../../core/errors.ts';
import type { InboxItem } from '../../../core/facts/inbox.ts';
import { bump } from './head.ts';
import { toItem } from './items.ts';
import { inboxKey } from './keys.ts';
import type { TownTable } from './town-table.ts';
import { ABSENT } from './writes.ts';

/**
 * The item, then the head: two plain writes with nothing to conflict with. Whoever has an error repeats both with the same id;
 * one that was written by an earlier try is not written again, but the head is bumped, since that may be what was missing.
 * @throws NotFound, Unavailable
 */
export async function addInbox(table: TownTable, townId: string, item: InboxItem): Promise<void> {
  const key = inboxKey(townId, item.id);
  await table.write('addInbox', { op: 'put', item: { ...toItem(item), ...key }, condition: ABSENT });
  try {
    await bump(table, townId, item.at);
  } catch (error) {
    if (error instanceof NotFound) await table.write('addInbox', { op: 'delete', key });
    throw error;
  }
}
