import { itemsOfChange } from '../../../core/draft.ts';
import type { Outcome } from '../../../core/reconcile.ts';
import {
  LIVE_KINDS,
  liveMapsOf,
  type LiveKind,
  type LiveMaps,
  type LiveRecords,
  type Town,
} from '../../../core/town/town.ts';

/** A record that has left the live range. */
export type Archived = { [K in LiveKind]: { kind: K; record: LiveRecords[K] } }[LiveKind];

/** What a store does with an outcome: the town that the next read finds, and what left its live range for good. */
export function commit(town: Town, outcome: Outcome, now: number): { town: Town; archived: Archived[] } {
  const maps: Record<LiveKind, Map<string, unknown>> = {
    ...liveMapsOf((kind) => new Map(town.live[kind])),
  };
  const archived: Archived[] = [];
  for (const change of outcome.changes) {
    if (change.op === 'create' && maps[change.kind].has(change.record.id)) throw new Error('created twice');
    if (change.op === 'delete') maps[change.kind].delete(change.before.id);
    else if (change.op === 'archive') {
      maps[change.kind].delete(change.record.id);
      archived.push({ kind: change.kind, record: change.record } as Archived);
    } else maps[change.kind].set(change.record.id, change.record);
  }
  // A store answers in the order of its keys.
  for (const kind of LIVE_KINDS) {
    maps[kind] = new Map([...maps[kind]].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  const outbox = new Map(town.outbox);
  for (const row of outcome.outbox.put) outbox.set(row.key, row);
  for (const key of outcome.outbox.delete) outbox.delete(key);
  const { dueAt, suspendedRules, container = town.container } = outcome;
  const taken = new Set(outcome.takenInbox);
  return {
    archived,
    town: {
      ...town,
      head: {
        ...town.head,
        ...outcome.head,
        version: town.head.version + 1,
        dueAt,
        suspendedRules,
        updatedAt: now,
      },
      container,
      // Kind by kind these are what they were copied from.
      live: maps as unknown as LiveMaps,
      inbox: town.inbox.filter(({ id }) => !taken.has(id)),
      outbox,
    },
  };
}

/** Items in the transaction of an outcome, without head and log. */
export function itemsOf(outcome: Outcome): number {
  const records = outcome.changes.reduce((sum, change) => sum + itemsOfChange(change), 0);
  const others =
    outcome.history.length +
    outcome.outbox.put.length +
    outcome.outbox.delete.length +
    outcome.takenInbox.length;
  return records + others + (outcome.container === undefined ? 0 : 1);
}
