import { TownError } from '../../core/errors.ts';
import { exportKey, type ExportRecord } from '../../core/move/export-record.ts';
import { townLines } from './town-lines.ts';
import type { TransferDeps } from './transfer.ts';

/**
 * Writes a town to the store of files. Repeated, it writes the same object again.
 * @throws what the try failed at; the record shows it
 */
export async function exportTown(deps: TransferDeps, townId: string, exportId: string): Promise<void> {
  const { store, objects, exports, now } = deps;
  const head = await store.head(townId);
  // Nobody can fetch it any more.
  if (head === undefined || head.lifecycle === 'deleting') return;
  const at = now();
  const fresh: ExportRecord = { id: exportId, state: 'pending', createdAt: at, updatedAt: at };
  // The API writes it too, but what was asked for is not lost if the API died in between.
  await exports.addExport(townId, fresh);
  const record = (await exports.exportOf(townId, exportId)) ?? fresh;
  if (record.state === 'ready') return;
  const { error: _, ...rest } = record;
  if (!(await exports.setExport(townId, { ...rest, state: 'running', updatedAt: at }))) return;
  const key = exportKey(townId, exportId);
  const counts: Record<string, number> = {};
  try {
    const bytes = await objects.write(key, townLines(deps, townId, at, counts));
    const done: ExportRecord = { ...rest, state: 'ready', key, counts, bytes, updatedAt: now() };
    // The record is gone: so is the town, or it is about to be, and the file must not outlive it.
    if (!(await exports.setExport(townId, done))) await objects.remove(key);
  } catch (error) {
    const message =
      error instanceof TownError ? error.userMessage : 'the town could not be written to a file';
    const isFinal = error instanceof TownError && error.retry === 'never';
    await exports.setExport(townId, {
      ...rest,
      state: isFinal ? 'failed' : 'running',
      error: message,
      updatedAt: now(),
    });
    throw error;
  }
}
