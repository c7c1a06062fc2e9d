import { Stream } from 'node:stream';
import type { Cursor, Range, Store, SubDatabase, Validated } from './dynalite-types.ts';
import { readAll, type Database } from './database.ts';
import { runAction } from './dynalite-actions.ts';
import { uniqueIndexKey } from './index-entries.ts';
import { indexPrefix, itemPrefix, within } from './keyspace.ts';
import { primaryKeyOf, type Body, type Item, type Table } from './wire.ts';

/** A read's answer and every item that was looked at for it, by table, in order (a page looks one item ahead). */
export interface ReadResult {
  readonly answer: Body;
  readonly itemsRead: ReadonlyMap<string, readonly (Item | undefined)[]>;
}

/**
 * Runs one of dynalite's reading actions. A query's or scan's page is one iterator and so one moment of the database; its
 * iterator is closed at the end, which dynalite's own streams never do.
 */
export async function runRead(
  database: Database,
  name: 'GetItem' | 'BatchGetItem' | 'Query' | 'Scan',
  request: Validated,
  tables: ReadonlyMap<string, Table>,
): Promise<ReadResult> {
  const itemsRead = new Map<string, (Item | undefined)[]>();
  const note = (table: string, item: Item | undefined): void => {
    const items = itemsRead.get(table);
    if (items) items.push(item);
    else itemsRead.set(table, [item]);
  };
  const answer = await runAction(name, request, (fail) => readStore(database, request, tables, note, fail));
  return { answer, itemsRead };
}

type Note = (table: string, item: Item | undefined) => void;
type Fail = (error: unknown) => void;

function readStore(
  { level, store }: Database,
  request: Validated,
  tables: ReadonlyMap<string, Table>,
  note: Note,
  fail: Fail,
): Store {
  const stream = (table: string, prefix: string, range: Range): Stream =>
    // Values under items and indexes are what the staged writes put there.
    valueStream(level.values(within(prefix, range)) as Cursor<Item>, (item) => note(table, item), fail);
  return {
    ...store,
    getTable: (name, checkStatus, done) => {
      const answer = typeof checkStatus === 'function' ? checkStatus : done;
      answer?.(undefined, tables.get(name));
    },
    getItemDb: (table): Partial<SubDatabase> => ({
      get: (key, done) => {
        const get = async (): Promise<void> => {
          const item = await level.get(itemPrefix(table) + key);
          note(table, item as Item | undefined);
          done(undefined, item);
        };
        get().catch(fail);
      },
      createValueStream: (range) => stream(table, itemPrefix(table), range),
    }),
    getIndexDb: (kind, table, index): Partial<SubDatabase> => ({
      createValueStream: (range) =>
        stream(table, indexPrefix(kind, table, index), behindStartKey(range, request, tables.get(table))),
    }),
  };
}

/** dynalite's start key of an index lacks the part that makes our entries' keys unique. */
function behindStartKey(range: Range, request: Validated, table: Table | undefined): Range {
  if (!request['ExclusiveStartKey'] || !table) return range;
  // Validated by dynalite: attribute values by name.
  const start = primaryKeyOf(table, request['ExclusiveStartKey'] as Item);
  if (range.reverse && range.lt) return { ...range, lt: uniqueIndexKey(range.lt, table, start) };
  if (!range.reverse && range.gt) return { ...range, gt: uniqueIndexKey(range.gt, table, start) };
  return range;
}

/** A stream of the old kind, in the shape that dynalite's `lazy` takes, whose consumers' errors end in `fail`. */
function valueStream(cursor: Cursor<Item>, note: (item: Item) => void, fail: Fail): Stream {
  let isDone = false;
  const stream = Object.assign(new Stream(), {
    destroy: () => {
      isDone = true;
    },
  });
  async function pump(): Promise<void> {
    for await (const item of readAll(cursor)) {
      // Told before it is noted: the page may be complete, and this item not part of it.
      if (isDone) return;
      note(item);
      stream.emit('data', item);
    }
    stream.emit('end');
  }
  pump().catch(fail);
  return stream;
}
