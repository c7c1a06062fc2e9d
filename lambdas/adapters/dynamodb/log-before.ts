import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { RecordChange } from '../../../core/draft.ts';
import type { ChangeBefore } from '../../../core/replay/before.ts';
import { LIVE_KINDS, type Town } from '../../../core/town/town.ts';
import { difference, toItem } from './items.ts';
import { RECORD_TYPES } from './records.ts';

/** Compressed; an item has 400 KB, and the log's other part may have 64. */
const MAX_BYTES = 100 * 1024;

/**
 * What is needed to take the step of a commit again (`core/replay`), compressed; undefined when it is too long.
 * @param part more of the town than what the changes tell
 */
export function packBefore(changes: readonly RecordChange[], part: object): Uint8Array | undefined {
  const before = toItem({ changes: changes.map(beforeOf), ...part });
  const packed = deflateRawSync(JSON.stringify(before));
  // What is read again is no Buffer either.
  return packed.length > MAX_BYTES ? undefined : new Uint8Array(packed);
}

/** What a step reads beside its live records. */
export const stepPart = ({ head, container, observed, outbox, live }: Town): object => ({
  head,
  container,
  observed,
  outbox: [...outbox.values()],
  counts: Object.fromEntries(
    LIVE_KINDS.map((kind) => [kind, live[kind].size]).filter(([, size]) => size !== 0),
  ),
});

function beforeOf(change: RecordChange): ChangeBefore {
  const { op, kind } = change;
  switch (change.op) {
    case 'create':
      return { op, kind, id: change.record.id };
    case 'delete':
      return { op, kind, id: change.before.id, was: toItem(change.before) };
    default: {
      const { before, record } = change;
      const { id } = record;
      if (before === undefined) return { op, kind, id, isNew: true };
      // Whole: the ended record may be deleted, or come back with other edges.
      if (op === 'archive') return { op, kind, id, was: toItem(before) };
      const { set = {}, remove = [] } = difference(record, before, RECORD_TYPES[kind].attributes) ?? {};
      return { op, kind, id, was: set, ...(remove.length === 0 ? {} : { without: [...remove] }) };
    }
  }
}

/** @returns undefined for what is no such part */
export function unpackBefore(packed: unknown): unknown {
  if (!(packed instanceof Uint8Array)) return undefined;
  return JSON.parse(inflateRawSync(packed, { maxOutputLength: 16 * 1024 * 1024 }).toString());
}
