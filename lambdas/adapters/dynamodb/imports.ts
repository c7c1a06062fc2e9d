import { Conflict } from '../../../core/errors.ts';
import { importRecord } from '../../../core/move/import-record.ts';
import type { RecordLine } from '../../../core/move/file-format.ts';
import type { ImportStore } from '../../../core/ports.ts';
import { ownersOf } from '../../../core/town/owners.ts';
import { duePkOf } from './due-shard.ts';
import { writeBatches } from './imports-batch.ts';
import { parseStored, toItem, type Item } from './items.ts';
import {
  bodyKey,
  configKey,
  doneKey,
  donePk,
  headKey,
  historyKey,
  logKey,
  ownerKey,
  ownerPk,
  recordKey,
  type Key,
} from './keys.ts';
import { repositoryRow } from './repository-rows.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';
import { ABSENT, type Write } from './writes.ts';

export const IMPORT_PREFIX = 'IMPORT#';
const importKey = (ownerId: string, importId: string): Key => ({
  pk: ownerPk(ownerId),
  sk: IMPORT_PREFIX + importId,
});

/** Imports of towns on the town table. */
export function createImportStore(options: TownTableOptions): ImportStore {
  const table = new TownTable(options);
  return {
    async addImport(ownerId, record) {
      const item = { ...toItem(record), ...importKey(ownerId, record.id) };
      await table.write('addImport', { op: 'put', item, condition: ABSENT });
    },
    async importOf(ownerId, importId) {
      const item = await table.get('importOf', importKey(ownerId, importId));
      return item === undefined ? undefined : parseStored(importRecord, item);
    },
    claimImport: (ownerId, importId, now, until) =>
      table.write('claimImport', {
        op: 'update',
        key: importKey(ownerId, importId),
        update: { set: { state: 'running', claimedUntil: until, updatedAt: now } },
        condition: {
          text: '#state = :waiting OR (#state = :running AND #claimedUntil <= :now)',
          values: { ':waiting': 'waiting', ':running': 'running', ':now': now },
        },
      }),
    async settleImport(ownerId, importId, claimedUntil, change) {
      await table.write('settleImport', {
        op: 'update',
        key: importKey(ownerId, importId),
        update: { set: toItem(change), remove: ['claimedUntil'] },
        condition: { text: '#claimedUntil = :mine', values: { ':mine': claimedUntil } },
      });
    },
    async writeLines(townId, lines) {
      await writeBatches(
        options,
        'import',
        lines.flatMap((line) => itemsOf(townId, line).map((put) => ({ put }))),
      );
    },
    async openTown(head, config) {
      const { id, createdAt } = head;
      // Due now: an imported town writes down that it is paused like any other.
      const due = { dueAt: createdAt, duePk: duePkOf(id) };
      const writes = [
        { ...toItem(head), ...due, ...headKey(id) },
        { ...toItem(config), ...configKey(id) },
        ...ownersOf(head).map((owner) => ({ townId: id, createdAt, ...ownerKey(owner, id) })),
      ].map((item): Write => ({ op: 'put', item, condition: ABSENT }));
      const result = await table.transactPatiently('openTown', writes);
      // Opened by an earlier try, whose answer was lost: by now the town may have gone on.
      if (result.state === 'refused' && !result.refusals.has(0))
        throw new Conflict('The imported town is half there. Start another import.', { cause: result.cause });
    },
  };
}

/** A rig is found by its repository, too. */
function itemsOf(townId: string, line: RecordLine): (Item & Key)[] {
  const row = line.section === 'live' && line.kind === 'rig' ? repositoryRow(townId, line.record) : undefined;
  return [itemOf(townId, line), row].filter((item) => item !== undefined);
}

/** Undefined: it is written with the head. */
function itemOf(townId: string, line: RecordLine): (Item & Key) | undefined {
  switch (line.section) {
    case 'head':
    case 'config':
      return undefined;
    case 'live':
      return { ...toItem(line.record), ...recordKey(townId, line.kind, line.record.id) };
    case 'archived': {
      const { kind, record, endedAt } = line;
      const done = { kind, donePk: donePk(townId, kind), doneAt: endedAt };
      return { ...toItem(record), ...done, ...doneKey(townId, record.id) };
    }
    case 'body':
      return { text: line.text, ...bodyKey(townId, line.id) };
    case 'history':
      return { ...toItem(line.record), ...historyKey(townId, line.record) };
    case 'log': {
      // What it was decided on speaks of the old town.
      const { before: _, ...record } = line.record;
      return { ...toItem(record), ...logKey(townId, record.version) };
    }
  }
}
