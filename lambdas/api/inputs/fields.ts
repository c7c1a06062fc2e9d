import { isStorable } from '../../../core/move/storable.ts';
import * as z from 'zod';

/** Fields of several bodies. */

export const id = z.string().min(1).max(128);

/** Titles and names are shown in one line of terminals and logs, and stand in messages of commits. */
const ONE_LINE = /^\P{Cc}*$/u;
const NOT_ONE_LINE = 'one line of text, without control characters';

export const title = z.string().trim().min(1).max(200).regex(ONE_LINE, NOT_ONE_LINE);

export const name = z.string().trim().min(1).max(64).regex(ONE_LINE, NOT_ONE_LINE);

export const label = z.string().min(1).max(64).regex(ONE_LINE, NOT_ONE_LINE);

const MAX_TEXT_BYTES = 64 * 1024;

/** A long text. A character has a byte at least, so the document's limit is not stricter than this one. */
export const text = z
  .string()
  .refine((value) => Buffer.byteLength(value) <= MAX_TEXT_BYTES, 'at most 64 KiB')
  .meta({ maxLength: MAX_TEXT_BYTES, description: 'At most 64 KiB as UTF-8' });

/** Labels for other programs. They are read with every step of the town: kept small. */
const MAX_METADATA_BYTES = 16 * 1024;
const MAX_METADATA_DEPTH = 16;

export const metadata = z
  .record(z.string().max(64), z.unknown())
  .refine((value) => isStorable(value, MAX_METADATA_DEPTH), {
    error: `at most ${MAX_METADATA_DEPTH} levels deep, and numbers within ±(2^53 − 1)`,
    abort: true,
  })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MAX_METADATA_BYTES, 'at most 16 KiB')
  .meta({
    description: `For other programs: at most 16 KiB as JSON, ${MAX_METADATA_DEPTH} levels deep, numbers within ±(2^53 − 1)`,
  });

/** Statements that say all with their path. */
export const nothing = z.strictObject({}).meta({ id: 'Nothing' });

/** A change that changes nothing is a mistake of the caller. */
export const changesSomething = (value: object): boolean =>
  Object.values(value).some((member) => member !== undefined);
export const NO_CHANGE = 'say what to change: at least one field';
