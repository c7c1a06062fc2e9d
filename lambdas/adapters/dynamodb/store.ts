import * as z from 'zod';
import type { TownStore } from '../../../core/ports.ts';
import { readArchived, readArchivedAmong, readArchivedOf, readArchivedPart } from './archive.ts';
import { observe, readContainer } from './container.ts';
import { addBead, create, createTown } from './create.ts';
import { edit } from './edit.ts';
import { readHead, watch } from './head.ts';
import { readHistory } from './history.ts';
import { addInbox } from './inbox.ts';
import { parseStored } from './items.ts';
import { bodyKey, configKey, doneKey, recordKey } from './keys.ts';
import { parseConfig } from './live-range.ts';
import { readLog } from './log.ts';
import { claimOutbox, readOutboxRow, releaseOutbox } from './outbox.ts';
import { reconcilerStoreOn, type TownStoreOptions } from './reconciler-store.ts';
import { parseRecord } from './records.ts';
import { TownTable } from './town-table.ts';
import { readDueTowns, readTowns } from './towns.ts';
import { PRESENT } from './writes.ts';

const storedBody = z.object({ text: z.string() });

/** The town store on a DynamoDB table. Errors are those of the port, and `CorruptItem` for an item that cannot be read. */
export function createTownStore(options: TownStoreOptions): TownStore {
  const table = new TownTable(options);
  const forReconciler = reconcilerStoreOn(table, options.codeVersion);
  return {
    ...forReconciler,

    createTown: (town) => createTown(table, town),
    watch: (townId, until) => watch(table, townId, until),
    towns: (ownerId, orgIds) => readTowns(table, ownerId, orgIds),
    async live(townId) {
      const head = await readHead(table, townId);
      return head === undefined ? undefined : forReconciler.load(head);
    },
    create: (town, records, at) => create(table, town, records, at),
    edit: (town, change, at) => edit(table, options.codeVersion, town, change, at),
    addBead: (townId, bead, body) => addBead(table, townId, bead, body),
    addInbox: (townId, item) => addInbox(table, townId, item),
    archived: (townId, kind, id) => readArchived(table, townId, kind, id),
    archivedAmong: (townId, kind, ids) => readArchivedAmong(table, townId, kind, ids),
    archivedPart: (townId, kind, query) => readArchivedPart(table, townId, kind, query),
    archivedOf: (townId, kind) => readArchivedOf(table, townId, kind),
    async body(townId, recordId) {
      const item = await table.get('body', bodyKey(townId, recordId));
      return item === undefined ? undefined : parseStored(storedBody, item).text;
    },
    async config(townId) {
      const item = await table.get('config', configKey(townId));
      return item === undefined ? undefined : parseConfig(item);
    },
    async removeArchived(townId, id) {
      // Together: a record that became live again meanwhile keeps its text.
      const result = await table.transactPatiently('removeArchived', [
        { op: 'delete', key: doneKey(townId, id), condition: PRESENT },
        { op: 'delete', key: bodyKey(townId, id) },
      ]);
      return result.state === 'written';
    },
    history: (townId, kind, query) => readHistory(table, townId, kind, query),
    log: (townId, limit, before) => readLog(table, townId, limit, before),

    container: (townId) => readContainer(table, townId),
    async record(townId, kind, id) {
      const item = await table.get('record', recordKey(townId, kind, id));
      return item === undefined ? undefined : parseRecord(kind, item);
    },
    observe: (townId, observed) => observe(table, townId, observed),

    outboxRow: (townId, key) => readOutboxRow(table, townId, key),
    claimOutbox: (townId, key, now, until) => claimOutbox(table, townId, key, now, until),
    releaseOutbox: (townId, key, claimedUntil) => releaseOutbox(table, townId, key, claimedUntil),
    dueTowns: (shard, now, limit) => readDueTowns(table, shard, now, limit),
  };
}
