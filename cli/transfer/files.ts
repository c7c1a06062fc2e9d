import { createWriteStream, openAsBlob } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandFailed } from '../command-failed.ts';
import { Unreachable } from '../client/unreachable.ts';
import { UsageError } from '../usage-error.ts';

/** Files go straight to and from the store of files, at addresses that are signed for them. */

/**
 * Fetches a file; what is there before stays until all of it has come.
 * @throws Unreachable, UsageError when the file cannot be written
 */
export async function download(url: string, file: string, signal: AbortSignal): Promise<void> {
  const response = await request(url, { signal });
  // Node's stream and that of the web have the same shape, declared twice.
  const body = Readable.fromWeb(response.body as never);
  const partial = `${file}.partial`;
  try {
    // An export holds what agents were told: it is for its owner only.
    await pipeline(body, createWriteStream(partial, { mode: 0o600 }), { signal });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    signal.throwIfAborted();
    if (isFileError(error)) throw new UsageError(`Cannot write ${file}: ${(error as Error).message}`);
    throw new Unreachable(new URL(url).origin, error);
  }
}

/** The text of a file of the store. @throws Unreachable */
export const fetchText = async (url: string, signal: AbortSignal): Promise<string> =>
  (await request(url, { signal })).text();

/** A file to send. @throws UsageError when it cannot be read */
export async function openFile(file: string): Promise<Blob> {
  try {
    if (!(await stat(file)).isFile()) throw new Error('it is no file');
    return await openAsBlob(file);
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Sends a file. @throws Unreachable */
export async function upload(url: string, blob: Blob, signal: AbortSignal): Promise<void> {
  await request(url, { method: 'PUT', body: blob, signal });
}

async function request(url: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  const { origin } = new URL(url);
  const response = await fetch(url, init).catch((error: unknown) => {
    init.signal.throwIfAborted();
    throw new Unreachable(origin, error);
  });
  if (!response.ok) {
    throw new CommandFailed(
      `${origin} refused the file: ${response.status} ${response.statusText}. Try again.`,
    );
  }
  return response;
}

const isFileError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && 'path' in error;
