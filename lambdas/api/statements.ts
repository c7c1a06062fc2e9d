import { uuidv7 } from 'uuidv7';
import { Conflict, NotFound } from '../../core/errors.ts';
import type { InboxStatement } from '../../core/facts/inbox.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import type { LiveKind, LiveRecords, Town } from '../../core/town/town.ts';
import { townOf } from './access.ts';
import type { Caller } from './caller.ts';
import type { TownDeps } from './context.ts';

/** The statement is safe when this returns; the message only makes the town look at once. */
export async function tell(
  { store, towns, now }: Pick<TownDeps, 'store' | 'towns' | 'now'>,
  townId: string,
  ...statements: readonly InboxStatement[]
): Promise<void> {
  for (const statement of statements) await store.addInbox(townId, { id: uuidv7(), at: now(), statement });
  await towns.send({ v: MESSAGE_VERSION, townId });
}

/** A town that takes statements. @throws NotFound, Conflict while it is being deleted */
export async function openTown(deps: TownDeps, caller: Caller, townId: string): Promise<Town> {
  const town = await townOf(deps.store, caller, townId);
  if (town.head.lifecycle === 'deleting') throw new Conflict('The town is being deleted.');
  return town;
}

/** @throws Conflict for a record that has ended; NotFound */
export async function liveRecord<K extends LiveKind>(
  deps: TownDeps,
  town: Town,
  kind: K,
  id: string,
): Promise<LiveRecords[K]> {
  const record = town.live[kind].get(id);
  if (record !== undefined) return record;
  const isArchived = (await deps.store.archived(town.head.id, kind, id)) !== undefined;
  if (isArchived) throw new Conflict(`The ${nameOf(kind)} ${id} has ended.${hintFor(kind)}`);
  throw noRecord(kind, id);
}

/** Live or ended. @throws NotFound */
export async function anyRecord<K extends LiveKind>(
  deps: TownDeps,
  town: Town,
  kind: K,
  id: string,
): Promise<LiveRecords[K]> {
  const record = town.live[kind].get(id) ?? (await deps.store.archived(town.head.id, kind, id));
  if (record === undefined) throw noRecord(kind, id);
  return record;
}

const noRecord = (kind: LiveKind, id: string): NotFound =>
  new NotFound(`There is no ${nameOf(kind)} ${id} in this town.`);

const nameOf = (kind: LiveKind): string => (kind === 'mergeRequest' ? 'merge request' : kind);

const hintFor = (kind: LiveKind): string => (kind === 'bead' ? ' Reopen it to go on with it.' : '');
