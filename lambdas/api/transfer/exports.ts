import * as z from 'zod';
import { effectKey } from '../../../core/effects.ts';
import { NotFound } from '../../../core/errors.ts';
import { exportNow, exportRecord } from '../../../core/move/export-record.ts';
import type { RouteContext } from '../../http/route.ts';
import { headOf } from '../access.ts';
import { presentTimes, time, times, timesExample } from '../answers/times.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../context.ts';
import { openTown, tell } from '../statements.ts';
import type { TransferApiDeps } from './deps.ts';

type Deps = ApiDeps & TransferApiDeps;

export const exportRequested = z.strictObject({ exportId: z.string() }).meta({ id: 'ExportRequested' });
export const exportRequestedExample = { exportId: '019b8d4a-1c00-7f10-9d27-5e1f0a6b8e01' };

export const exportAnswer = z
  .strictObject({
    id: z.string(),
    state: exportRecord.shape.state,
    url: z.url().optional().meta({ description: 'The file, for 15 minutes: ask again for another address' }),
    urlExpiresAt: time.optional(),
    error: z.string().optional(),
    bytes: z.number().int().optional(),
    counts: z.record(z.string(), z.number()).optional().meta({ description: 'Lines by section' }),
    ...times,
  })
  .meta({ id: 'Export' });
export const exportExample: z.infer<typeof exportAnswer> = {
  id: exportRequestedExample.exportId,
  state: 'ready',
  url: 'https://example.com/exports/town.jsonl?signature=x',
  urlExpiresAt: '2026-01-05T09:45:00.000Z',
  bytes: 48_211,
  counts: { head: 1, config: 1, live: 12, archived: 30, body: 14, history: 25, log: 310 },
  ...timesExample,
};

const URL_MS = 15 * 60_000;

/**
 * Asks for a file of the town. The statement comes first: once it is there, the town asks for the effect until it is done, and
 * the worker writes the record too. The other way round, a crash would leave a record that waits for ever.
 */
export async function requestExport(
  deps: Deps,
  caller: Caller,
  townId: string,
  { ids, at }: RouteContext,
): Promise<z.infer<typeof exportRequested>> {
  await openTown(deps, caller, townId);
  const exportId = ids.next();
  await tell(deps, townId, { type: 'export_requested', exportId, by: caller.id });
  await deps.exports.addExport(townId, { id: exportId, state: 'pending', createdAt: at, updatedAt: at });
  return { exportId };
}

/** How an export stands. @throws NotFound */
export async function readExport(
  { store, exports, objects, now }: Deps,
  caller: Caller,
  townId: string,
  exportId: string,
): Promise<z.infer<typeof exportAnswer>> {
  const head = await headOf(store, caller, townId);
  const record = await exports.exportOf(townId, exportId);
  if (record === undefined)
    throw new NotFound(`There is no export ${exportId} of this town; exports are kept for 7 days.`);
  const isOver = record.state === 'ready' || record.state === 'failed';
  const key = effectKey({ type: 'export_town', exportId });
  const { state, error } = exportNow(record, isOver ? undefined : await store.outboxRow(townId, key));
  const answer = {
    id: exportId,
    state,
    ...(error === undefined ? {} : { error }),
    ...(record.bytes === undefined ? {} : { bytes: record.bytes }),
    ...(record.counts === undefined ? {} : { counts: record.counts }),
    ...presentTimes(record),
  };
  if (record.key === undefined) return answer;
  // The bucket forgets what is old.
  if ((await objects.describe(record.key)) === undefined)
    return {
      ...answer,
      state: 'failed',
      error: 'the file was deleted, as all are after 7 days; ask for another export',
    };
  const fileName = `${head.name.replaceAll(/[^\w-]+/g, '-').slice(0, 40)}-${exportId}.jsonl`;
  const url = await objects.downloadUrl(record.key, fileName);
  return { ...answer, url, urlExpiresAt: new Date(now() + URL_MS).toISOString() };
}
