import { TownError, Unavailable } from '../../../core/errors.ts';

export const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;

/** What the service or the network does wrong may pass; the SDK has repeated it already. */
export function raise(error: unknown): never {
  // What the text comes from has failed.
  if (error instanceof TownError) throw error;
  const status = statusOf(error);
  const isOfNetwork =
    error instanceof Error && 'code' in error && typeof error.code === 'string' && status === undefined;
  if (isOfNetwork || (status !== undefined && (status >= 500 || status === 429)))
    throw new Unavailable('The store of files is busy or cannot be reached. Try again in a moment.', {
      cause: error,
    });
  throw error;
}
