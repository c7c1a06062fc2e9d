import type { Head } from '../../../core/town/head.ts';
import { headSchema, SCHEMA_VERSION } from '../../../core/town/head.ts';
import { NotFound, VersionConflict } from '../../../core/errors.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { duePkOf } from './due-shard.ts';
import { parseStored, type Item, type Update } from './items.ts';
import { headKey } from './keys.ts';
import { newerSchema, refuseNewer } from './store-errors.ts';
import type { TownTable, TransactResult } from './town-table.ts';
import { PRESENT, type Write } from './writes.ts';

const storedHead = headSchema.loose();

/** @throws NewerSchema, CorruptItem */
export function parseHead(item: Item): Head {
  refuseNewer(item['schema']);
  return parseStored<Head>(storedHead, item);
}

/** One read unit. */
export async function readHead(table: TownTable, townId: string): Promise<Head | undefined> {
  const item = await table.get('head', headKey(townId));
  return item === undefined ? undefined : parseHead(item);
}

const due = (townId: string, dueAt: Instant): Item => ({ dueAt, duePk: duePkOf(townId) });

/** A town that waits for nothing has neither attribute and is not in the index. */
export function dueUpdate({ id }: Head, dueAt: Instant | undefined): Required<Omit<Update, 'add'>> {
  return dueAt !== undefined ? { set: due(id, dueAt), remove: [] } : { set: {}, remove: ['dueAt', 'duePk'] };
}

/**
 * A write to the head under the version that was read. It must be the first write of its transaction: see `mustHoldHead`.
 */
export const headWrite = (head: Head, update: Update): Write & { op: 'update' } => ({
  op: 'update',
  key: headKey(head.id),
  update,
  condition: {
    text: '#version = :read AND #schema <= :mine',
    values: { ':read': head.version, ':mine': SCHEMA_VERSION },
  },
});

/** The next version, due now: what every writer of what rules read does to the head (decision 0006 for towns that are paused). */
export function bumpWrite(head: Head, at: Instant): Write & { op: 'update' } {
  return headWrite(head, { set: { ...due(head.id, at), updatedAt: at }, add: { version: 1 } });
}

/**
 * The same for a write that was not checked against the town: under no version.
 * @throws NotFound when there is no such town.
 */
export async function bump(table: TownTable, townId: string, at: Instant): Promise<void> {
  const next = { set: { updatedAt: at }, add: { version: 1 } };
  if (!(await updateHead(table, 'bump', townId, next, at))) throw new NotFound(`There is no town ${townId}.`);
}

/** One plain write; of two that come at once the last counts, and both are about as long. */
export async function watch(table: TownTable, townId: string, watchedUntil: Instant): Promise<void> {
  const key = headKey(townId);
  await table.write('watch', { op: 'update', key, update: { set: { watchedUntil } }, condition: PRESENT });
}

/** Keeps that reconciling fails. A town that is gone needs no failure, and no lost race is an error here. */
export async function recordFailure(
  table: TownTable,
  townId: string,
  failure: NonNullable<Head['failure']>,
  dueAt: Instant,
): Promise<void> {
  await updateHead(table, 'recordFailure', townId, { set: { failure } }, dueAt);
}

/** False: there is no such town. */
function updateHead(
  table: TownTable,
  operation: string,
  townId: string,
  update: Update & { readonly set: Item },
  dueAt: Instant,
): Promise<boolean> {
  const set = { ...update.set, ...due(townId, dueAt) };
  return table.write(operation, {
    op: 'update',
    key: headKey(townId),
    update: { ...update, set },
    condition: PRESENT,
  });
}

/**
 * Throws when a transaction that began with `headWrite` or `bumpWrite` was not written because of the head: VersionConflict, or
 * NewerSchema. What else was refused is the caller's to explain.
 */
export function mustHoldHead({ id, version }: Head, result: TransactResult): void {
  if (result.state !== 'refused' || !result.refusals.has(0)) return;
  const schema = Number(result.refusals.get(0)?.['schema']?.N ?? 0);
  if (schema > SCHEMA_VERSION) throw newerSchema(schema);
  throw lostRace(id, version, result.cause);
}

export const lostRace = (townId: string, version: number, cause?: unknown): VersionConflict =>
  new VersionConflict(`The town ${townId} has changed since version ${version} was read. Read it again.`, {
    cause,
  });
