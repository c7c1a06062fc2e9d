import type { RecordChange } from '../../../core/draft.ts';
import type { OutboxRow } from '../../../core/effects.ts';
import { outboxRowSchema } from '../../../core/effects.ts';
import type { Outcome } from '../../../core/reconcile.ts';
import { containerSchema, type Container } from '../../../core/town/container.ts';
import type { HistoryEntry } from '../../../core/town/history.ts';
import type { Instant } from '../../../core/town/instant.ts';
import type { Rig } from '../../../core/town/rig.ts';
import type { Town } from '../../../core/town/town.ts';
import { difference, toItem } from './items.ts';
import {
  bodyKey,
  containerKey,
  doneKey,
  donePk,
  historyKey,
  inboxKey,
  outboxKey,
  recordKey,
  snapshotRowKey,
  type Key,
} from './keys.ts';
import { RECORD_TYPES, unknownOf } from './records.ts';
import { repositoryWrites } from './repository-rows.ts';
import { ABSENT, PRESENT, type Write } from './writes.ts';

/** Writes of the records that a step changed; instants are the step's. */
export function changeWrites(townId: string, changes: readonly RecordChange[], now: Instant): Write[] {
  return changes.flatMap((change): Write[] => [
    ...recordWrites(townId, change, now),
    ...(change.kind === 'rig' ? repositoryWrites(townId, ...rigOf(change)) : []),
  ]);
}

/** Before and after; what has ended is found no more. */
function rigOf(change: RecordChange & { kind: 'rig' }): [Rig | undefined, Rig | undefined] {
  switch (change.op) {
    case 'create':
    case 'restore':
      return [undefined, change.record];
    case 'update':
      return [change.before, change.record];
    case 'archive':
    case 'delete':
      return [change.before, undefined];
  }
}

function recordWrites(townId: string, change: RecordChange, now: Instant): Write[] {
  switch (change.op) {
    case 'create': {
      const key = recordKey(townId, change.kind, change.record.id);
      return [{ op: 'put', item: { ...toItem(change.record), ...key }, condition: ABSENT }];
    }
    case 'update': {
      const { kind, before, record } = change;
      return updateOf(recordKey(townId, kind, record.id), before, record, RECORD_TYPES[kind].attributes);
    }
    case 'archive':
      return archiveWrites(townId, change, now);
    case 'restore': {
      const { kind, record } = change;
      const item = { ...toItem(record), ...recordKey(townId, kind, record.id) };
      // Somebody may have deleted the ended record since: who reopened it has it again, and no commit fails for ever.
      return [
        { op: 'delete', key: doneKey(townId, record.id) },
        { op: 'put', item, condition: ABSENT },
      ];
    }
    case 'delete': {
      const { kind, before } = change;
      const text: Write[] =
        kind === 'bead' && before.hasBody ? [{ op: 'delete', key: bodyKey(townId, before.id) }] : [];
      const snapshot: Write[] =
        kind === 'agent' ? [{ op: 'delete', key: snapshotRowKey(townId, before.id) }] : [];
      return [{ op: 'delete', key: recordKey(townId, kind, before.id) }, ...text, ...snapshot];
    }
  }
}

/** A record that was made and ended in one step was never live. */
function archiveWrites(
  townId: string,
  { kind, before, record }: RecordChange & { op: 'archive' },
  now: Instant,
): Write[] {
  const item = {
    ...unknownOf(kind, before ?? {}),
    ...toItem(record),
    kind,
    donePk: donePk(townId, kind),
    doneAt: now,
    ...doneKey(townId, record.id),
  };
  const put: Write = { op: 'put', item };
  return before === undefined ? [put] : [{ op: 'delete', key: recordKey(townId, kind, before.id) }, put];
}

const CONTAINER_ATTRIBUTES = new Set(Object.keys(containerSchema.shape));

/** The first container has no item yet: what was read for it was made up, so all of it is written. */
export function containerWrites(
  { head, container: before }: Town,
  container: Container | undefined,
): Write[] {
  if (container === undefined) return [];
  const key = containerKey(head.id);
  if (before.rev === 0) return [{ op: 'put', item: { ...toItem(container), ...key }, condition: ABSENT }];
  return updateOf(key, before, container, CONTAINER_ATTRIBUTES);
}

const OUTBOX_ATTRIBUTES = new Set(Object.keys(outboxRowSchema.shape));

/** A row is written without its claim, which is the workers': one that was made since the read stays. */
export function outboxWrites({ head, outbox }: Town, changed: Outcome['outbox']): Write[] {
  const put = changed.put.flatMap((row): Write[] => {
    const key = outboxKey(head.id, row.key);
    const before = outbox.get(row.key);
    const put = { op: 'put', item: { ...toItem(withoutClaim(row)), ...key } } as const;
    if (before === undefined) return [{ ...put, condition: ABSENT }];
    // Answered and asked for again in one step: whoever has claimed the old one is done with it.
    if (before.decisionId !== row.decisionId) return [put];
    return updateOf(key, withoutClaim(before), withoutClaim(row), OUTBOX_ATTRIBUTES);
  });
  return [...put, ...changed.delete.map((key): Write => ({ op: 'delete', key: outboxKey(head.id, key) }))];
}

function withoutClaim(row: OutboxRow): Omit<OutboxRow, 'claimedUntil'> {
  const { claimedUntil: _, ...rest } = row;
  return rest;
}

export const historyWrites = (townId: string, history: readonly HistoryEntry[]): Write[] =>
  history.map((entry) => ({ op: 'put', item: { ...toItem(entry), ...historyKey(townId, entry) } }));

export const inboxWrites = (townId: string, taken: readonly string[]): Write[] =>
  taken.map((id) => ({ op: 'delete', key: inboxKey(townId, id) }));

function updateOf(key: Key, before: object, after: object, known: ReadonlySet<string>): Write[] {
  const update = difference(before, after, known);
  return update === undefined ? [] : [{ op: 'update', key, update, condition: PRESENT }];
}
