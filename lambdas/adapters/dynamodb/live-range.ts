import { outboxRowSchema, type OutboxRow } from '../../../core/effects.ts';
import { inboxItemSchema, type InboxItem } from '../../../core/facts/inbox.ts';
import { townConfigSchema } from '../../../core/town/config.ts';
import {
  absentContainer,
  containerSchema,
  observedSchema,
  type Container,
  type Observed,
} from '../../../core/town/container.ts';
import type { Head } from '../../../core/town/head.ts';
import {
  liveMapsOf,
  type LiveKind,
  type LiveRecords,
  type Town,
  type Unreadable,
} from '../../../core/town/town.ts';
import * as z from 'zod';
import { parseStored, withoutStorage, withUnknown, type Item } from './items.ts';
import { configKey, familyOf, LIVE_FROM, LIVE_TO, townPk } from './keys.ts';
import { kindOfFamily, parseRecord } from './records.ts';
import { CorruptItem, refuseNewer } from './store-errors.ts';
import type { TownTable } from './town-table.ts';

const storedConfig: z.ZodType<Town['config']> = townConfigSchema.loose().extend({ rev: z.number().int() });
const storedContainer: z.ZodType<Container> = containerSchema.loose();
const storedObserved: z.ZodType<Observed> = observedSchema.loose();
const storedInboxItem: z.ZodType<InboxItem> = inboxItemSchema.loose();
const storedOutboxRow: z.ZodType<OutboxRow> = outboxRowSchema.loose();

export const parseConfig = (item: Item): Town['config'] =>
  withUnknown(parseStored(storedConfig, item), withoutStorage(item));
export const parseContainer = (item: Item): Container => parseStored(storedContainer, item);
export const parseObserved = (item: Item): Observed => parseStored(storedObserved, item);
export const parseOutboxRow = (item: Item): OutboxRow => parseStored(storedOutboxRow, item);

interface Found {
  config: Town['config'] | undefined;
  container: Container | undefined;
  observed: Observed | undefined;
  readonly live: { [K in LiveKind]: Map<string, LiveRecords[K]> };
  readonly inbox: InboxItem[];
  readonly outbox: Map<string, OutboxRow>;
  readonly unreadable: Unreadable[];
}

/**
 * The live town. Pages are read one after another, and the head was read before them: what is written in between bumps the
 * head, so a town that was put together from two moments cannot be committed.
 * @throws CorruptItem, NewerSchema
 */
export async function loadLive(table: TownTable, head: Head): Promise<Town> {
  refuseNewer(head.schema);
  const items = await table.query('load', {
    where: '#pk = :pk AND #sk BETWEEN :from AND :to',
    values: { ':pk': townPk(head.id), ':from': LIVE_FROM, ':to': LIVE_TO },
    limit: Number.POSITIVE_INFINITY,
  });
  const found: Found = {
    config: undefined,
    container: undefined,
    observed: undefined,
    live: liveMapsOf(() => new Map()),
    inbox: [],
    outbox: new Map(),
    unreadable: [],
  };
  for (const item of items) take(found, item);
  const {
    config,
    container = absentContainer(head.createdAt),
    observed,
    live,
    inbox,
    outbox,
    unreadable,
  } = found;
  if (config === undefined) throw new CorruptItem(configKey(head.id));
  return {
    head,
    config,
    container,
    observed,
    live,
    inbox,
    outbox,
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
}

function take(found: Found, item: Item): void {
  const family = familyOf(String(item['sk']));
  switch (family) {
    case 'CONFIG':
      found.config = parseConfig(item);
      return;
    case 'CONTAINER':
      found.container = parseContainer(item);
      return;
    case 'OBSERVED':
      found.observed = parseObserved(item);
      return;
    case 'INBOX':
      found.inbox.push(...understood(found, 'statement', item, () => parseStored(storedInboxItem, item)));
      return;
    case 'OUTBOX':
      for (const row of understood(found, 'effect', item, () => parseOutboxRow(item)))
        found.outbox.set(row.key, row);
      return;
    default: {
      const kind = kindOfFamily(family);
      // A family that newer code has added: a town with a newer schema would have been refused, so it may be passed over.
      if (kind !== undefined) takeRecord(found, kind, item);
    }
  }
}

/** One of a kind that this code does not know must not stop its town; a record that cannot be read does. */
function understood<T>({ unreadable }: Found, kind: Unreadable['kind'], item: Item, parse: () => T): T[] {
  try {
    return [parse()];
  } catch (error) {
    if (!(error instanceof CorruptItem)) throw error;
    const sk = String(item['sk']);
    const id = sk.slice(sk.indexOf('#', 'LIVE#'.length) + 1);
    unreadable.push({ kind, id, error: error.userMessage.slice(0, 500), item: withoutStorage(item) });
    return [];
  }
}

function takeRecord<K extends LiveKind>({ live }: Found, kind: K, item: Item): void {
  const record = parseRecord(kind, item);
  live[kind].set(record.id, record);
}
