import * as z from 'zod';
import { NotFound } from '../../../core/errors.ts';
import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import {
  IMPORT_LIFE_DAYS,
  importKey,
  importRecord,
  MAX_IMPORT_BYTES,
  type ImportRecord,
} from '../../../core/move/import-record.ts';
import type { Now } from '../../../core/ports.ts';
import type { Instant } from '../../../core/town/instant.ts';
import type { RouteContext } from '../../http/route.ts';
import { presentTimes, times, timesExample } from '../answers/times.ts';
import type { Caller } from '../caller.ts';
import type { TransferApiDeps } from './deps.ts';

export const importBegun = z
  .strictObject({
    importId: z.string(),
    uploadUrl: z.url().meta({ description: 'Takes the file with PUT, for an hour' }),
    maxBytes: z.number().int(),
  })
  .meta({ id: 'ImportBegun' });
export const importBegunExample = {
  importId: '019b8d4b-2d00-7a20-8e38-6f2a1b7c9f02',
  uploadUrl: 'https://example.com/imports/019b8d4b.jsonl?signature=x',
  maxBytes: MAX_IMPORT_BYTES,
};

export const importAnswer = z
  .strictObject({
    id: z.string(),
    state: importRecord.shape.state,
    townId: z.string().optional().meta({ description: 'The new town, which is paused' }),
    missingSecrets: z
      .array(z.string())
      .optional()
      .meta({ description: 'Secrets that the town had: set them anew before it is resumed' }),
    error: z
      .strictObject({ message: z.string(), line: z.number().int().optional() })
      .optional()
      .meta({ description: 'What is wrong with the file, and in which line' }),
    detail: z.string().optional().meta({ description: 'What it waits for' }),
    ...times,
  })
  .meta({ id: 'Import' });
export const importExample: z.infer<typeof importAnswer> = {
  id: importBegunExample.importId,
  state: 'ready',
  townId: '019b8d3c-7a00-7d4f-9a25-3a7a7d2aab03',
  missingSecrets: ['gitAuth.githubToken'],
  ...timesExample,
};

const DAY_SECONDS = 24 * 60 * 60;

export async function beginImport(
  { imports, objects }: TransferApiDeps,
  caller: Caller,
  { ids, at }: RouteContext,
): Promise<z.infer<typeof importBegun>> {
  const importId = ids.next();
  await imports.addImport(caller.id, {
    id: importId,
    state: 'waiting',
    orgIds: [...caller.orgIds],
    createdAt: at,
    updatedAt: at,
    expiresAt: Math.floor(at / 1000) + IMPORT_LIFE_DAYS * DAY_SECONDS,
  });
  return { importId, uploadUrl: await objects.uploadUrl(importKey(importId)), maxBytes: MAX_IMPORT_BYTES };
}

/**
 * How an import stands. There is no town that could keep asking for the work: whoever asks how it stands is who makes it go
 * on, at first and when a worker was lost.
 * @throws NotFound
 */
export async function readImport(
  { imports, objects, effects, now }: TransferApiDeps & { readonly now: Now },
  caller: Caller,
  importId: string,
): Promise<z.infer<typeof importAnswer>> {
  const record = await imports.importOf(caller.id, importId);
  if (record === undefined || record.expiresAt * 1000 <= now())
    throw new NotFound(`There is no import ${importId}; imports are kept for ${IMPORT_LIFE_DAYS} days.`);
  const { id, state, townId, secretsLeftOut, error } = record;
  const answer = {
    id,
    state,
    ...(townId === undefined ? {} : { townId }),
    ...(secretsLeftOut === undefined ? {} : { missingSecrets: secretsLeftOut }),
    ...(error === undefined ? {} : { error }),
    ...presentTimes(record),
  };
  if (!isUnclaimed(record, now())) return answer;
  if ((await objects.describe(importKey(id))) === undefined)
    return { ...answer, detail: 'the file: send it with PUT to the address that the import was begun with' };
  await effects.send([{ type: 'import', v: MESSAGE_VERSION, ownerId: caller.id, importId: id }]);
  const before = record.lastError === undefined ? '' : `; the last try ended with: ${record.lastError}`;
  return { ...answer, detail: `a worker${before}` };
}

const isUnclaimed = ({ state, claimedUntil = 0 }: ImportRecord, now: Instant): boolean =>
  state === 'waiting' || (state === 'running' && claimedUntil <= now);
