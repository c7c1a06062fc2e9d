import { exportRecord } from '../../../core/move/export-record.ts';
import { logRecord, MAX_LINE_BYTES, type LineOf } from '../../../core/move/file-format.ts';
import type { ExportStore } from '../../../core/ports.ts';
import { historyEntry, type HistoryKind } from '../../../core/town/history.ts';
import { LIVE_KINDS, type LiveKind } from '../../../core/town/town.ts';
import { beginningWith, partitionItems, type Range } from './exports-pages.ts';
import { parseStored, toItem, type Item } from './items.ts';
import { unpackBefore } from './log-before.ts';
import { DONE_PREFIX, historyPrefix, logSk, townPk, type Key } from './keys.ts';
import { parseRecord } from './records.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';
import { ABSENT, PRESENT } from './writes.ts';

const exportKey = (townId: string, id: string): Key => ({ pk: townPk(townId), sk: `EXPORT#${id}` });
const HISTORY_KINDS = ['attempt', 'run', 'chat'] as const satisfies readonly HistoryKind[];

const idOf = (sk: unknown): string => String(sk).slice(String(sk).indexOf('#') + 1);

/** Exports of towns on the town table. What cannot be read throws `CorruptItem`. */
export function createExportStore(options: TownTableOptions): ExportStore {
  const table = new TownTable(options);
  const items = (townId: string, range: Range) => partitionItems(options, 'export', townPk(townId), range);
  return {
    async addExport(townId, record) {
      const item = { ...toItem(record), ...exportKey(townId, record.id) };
      await table.write('addExport', { op: 'put', item, condition: ABSENT });
    },
    async exportOf(townId, exportId) {
      const item = await table.get('exportOf', exportKey(townId, exportId));
      return item === undefined ? undefined : parseStored(exportRecord, item);
    },
    setExport(townId, record) {
      const item = { ...toItem(record), ...exportKey(townId, record.id) };
      return table.write('setExport', { op: 'put', item, condition: PRESENT });
    },
    async *archivedLines(townId) {
      for await (const item of items(townId, beginningWith(DONE_PREFIX))) {
        const kind = LIVE_KINDS.find((known) => known === item['kind']);
        // A kind that newer code has added; the town's schema says that this code may pass it over.
        if (kind === undefined) continue;
        const { kind: _, ...record } = item;
        yield archivedLine(kind, record, Number(item['doneAt']));
      }
    },
    async *bodyLines(townId) {
      for await (const { sk, text } of items(townId, beginningWith('BODY#')))
        yield { section: 'body', id: idOf(sk), text: String(text) };
    },
    async *historyLines(townId) {
      for (const kind of HISTORY_KINDS) {
        for await (const item of items(townId, beginningWith(historyPrefix(kind))))
          yield { section: 'history', record: parseStored(historyEntry, item) };
      }
    },
    async *logLines(townId, from, to) {
      for await (const item of items(townId, { from: logSk(from), to: logSk(to) })) yield logLine(item);
    },
  };
}

/** With what the step was decided on, unless the line would be too long with it. */
function logLine({ before: packed, ...item }: Item): LineOf<'log'> {
  const record = parseStored(logRecord, item);
  const before = unpackBefore(packed);
  const line = { section: 'log' as const, record: { ...record, before } };
  return before === undefined || JSON.stringify(line).length > MAX_LINE_BYTES - 1024
    ? { section: 'log', record }
    : line;
}

// The pairing of kind and record is `parseRecord`'s.
const archivedLine = (kind: LiveKind, item: Item, endedAt: number): LineOf<'archived'> =>
  ({ section: 'archived', kind, endedAt, record: parseRecord(kind, item) }) as LineOf<'archived'>;
