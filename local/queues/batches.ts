import type { SQSRecord } from 'aws-lambda';
import { groupOf } from './settle.ts';

/**
 * Divides what one receive gave over the invocations that may start now. Records of one FIFO group stay together and in
 * order; groups are dealt out so that a slow group holds up as few others as possible. A standard queue's receive is one
 * batch. `freeSlots` is at least 1.
 */
export function batchesOf(
  records: readonly SQSRecord[],
  freeSlots: number,
  isFifo: boolean,
): readonly (readonly SQSRecord[])[] {
  if (records.length === 0) {
    return [];
  }
  if (!isFifo) {
    return [records];
  }
  const batches: SQSRecord[][] = [];
  const batchByGroup = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const group = groupOf(record);
    const known = batchByGroup.get(group);
    const batch = known ?? nextBatch(batches, batchByGroup.size, freeSlots);
    batch.push(record);
    batchByGroup.set(group, batch);
  }
  return batches;
}

/** Batches are dealt in turn: the first `freeSlots` groups open one each, later groups join them. */
function nextBatch(batches: SQSRecord[][], groupIndex: number, freeSlots: number): SQSRecord[] {
  const existing = batches[groupIndex % freeSlots];
  if (existing !== undefined) {
    return existing;
  }
  const batch: SQSRecord[] = [];
  batches.push(batch);
  return batch;
}
