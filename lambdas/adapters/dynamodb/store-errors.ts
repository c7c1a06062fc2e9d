import type * as z from 'zod';
import { NewerSchema, TownError, Unavailable } from '../../../core/errors.ts';
import { SCHEMA_VERSION } from '../../../core/town/head.ts';
import type { Key } from './keys.ts';

/** An item does not have the shape that its key promises. Nothing is guessed: somebody has to look at it. */
export class CorruptItem extends TownError {
  readonly code = 'internal';
  readonly retry = 'never';
  readonly key: Key;

  constructor(key: Key, cause?: z.ZodError) {
    const [issue] = cause?.issues ?? [];
    const where =
      issue === undefined ? '' : ` (${issue.path.map(String).join('.') || 'item'}: ${issue.message})`;
    super(`The stored item ${key.pk} ${key.sk} cannot be read${where}. Repair or remove it.`, { cause });
    this.key = key;
  }
}

export function refuseNewer(schema: unknown): void {
  if (typeof schema === 'number' && schema > SCHEMA_VERSION) throw newerSchema(schema);
}

export const newerSchema = (schema: number): NewerSchema =>
  new NewerSchema(`The town is stored in shape ${schema}; this code knows shapes up to ${SCHEMA_VERSION}.`);

/** Errors of the service and of Node's network that another try may not see. By name: they come from several packages. */
const TRANSIENT_NAMES = new Set([
  'ThrottlingException',
  'ThrottlingError',
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'TransactionInProgressException',
  'InternalServerError',
  'ServiceUnavailable',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'AbortError',
]);
const TRANSIENT_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

export const isTransientReason = (code: string | undefined): boolean => TRANSIENT_NAMES.has(code ?? '');

export const unavailable = (cause: unknown): Unavailable =>
  new Unavailable('The database is busy or cannot be reached. Try again in a moment.', { cause });

/** Throws `Unavailable` for what passes by itself, else the error as it is. The SDK has retried already. */
export function raise(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  const { name, code, $metadata } = error as Error & {
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const isTransient =
    TRANSIENT_NAMES.has(name) ||
    (typeof code === 'string' && TRANSIENT_CODES.has(code)) ||
    ($metadata?.httpStatusCode ?? 0) >= 500;
  throw isTransient ? unavailable(error) : error;
}
