import * as z from 'zod';
import type { OutboxRow } from '../effects.ts';

/** What became of one export; written by the API when it is asked for, and by the worker. */
export const exportRecord = z.object({
  id: z.string(),
  state: z.enum(['pending', 'running', 'ready', 'failed']),
  /** Of the last try. */
  error: z.string().optional(),
  /** The object, once it is ready. */
  key: z.string().optional(),
  /** Lines by section. */
  counts: z.record(z.string(), z.number()).optional(),
  bytes: z.number().int().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type ExportRecord = z.infer<typeof exportRecord>;

/** Exports are deleted after so many days, by a rule of the bucket. */
export const EXPORT_LIFE_DAYS = 7;

export const exportPrefix = (townId: string): string => `exports/${townId}/`;
export const exportKey = (townId: string, exportId: string): string =>
  `${exportPrefix(townId)}${exportId}.jsonl`;
/** Sessions of agents. */
export const snapshotPrefix = (townId: string): string => `snapshots/${townId}/`;

/** A failed try is repeated by the town; only when that gave up has the export failed. */
export function exportNow(
  record: ExportRecord,
  row: OutboxRow | undefined,
): Pick<ExportRecord, 'state' | 'error'> {
  const { state, error } = record;
  const isOver = state === 'ready' || state === 'failed';
  if (isOver || row?.exhaustedAt === undefined) return { state, error };
  return {
    state: 'failed',
    error: row.lastError?.message ?? error ?? 'no answer came; ask for another export',
  };
}
