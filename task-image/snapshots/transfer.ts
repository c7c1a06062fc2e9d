import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { CHECKSUM_HEADER, type SnapshotChunk } from '../../core/protocol/snapshots.ts';

/** S3 answers in some 20 ms: with so many at a time a thousand chunks are there within a second. */
const AT_A_TIME = 32;
const TRIES = 3;
const TRY_LIMIT_MS = 15_000;
const FIRST_PAUSE_MS = 200;

/** Runs each a few at a time; the first that fails ends the others. */
export async function each<T>(
  items: readonly T[],
  signal: AbortSignal,
  act: (item: T, index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const all = AbortSignal.any([signal, failed.signal]);
  const queue = new PQueue({ concurrency: AT_A_TIME });
  const run = async (item: T, index: number): Promise<void> => {
    all.throwIfAborted();
    await act(item, index, all);
  };
  try {
    await Promise.all(items.map((item, index) => queue.add(() => run(item, index))));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

/** @throws Error without the address, which is a secret for as long as it holds */
export async function upload(
  url: string,
  { hash, content }: { hash: string; content: Uint8Array },
  signal: AbortSignal,
): Promise<void> {
  const headers = { [CHECKSUM_HEADER]: Buffer.from(hash, 'hex').toString('base64') };
  await patiently(signal, async (limit) => {
    const response = await fetch(url, {
      method: 'PUT',
      headers,
      body: content as Uint8Array<ArrayBuffer>,
      signal: limit,
    });
    await response.arrayBuffer();
    return response;
  });
}

/** The object; undefined: it is not there. @throws Error */
export async function download(
  url: string,
  { bytes }: Pick<SnapshotChunk, 'bytes'>,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  let content: Uint8Array | undefined;
  await patiently(signal, async (limit) => {
    const response = await fetch(url, { signal: limit });
    // No more than a chunk may have is taken in.
    const isLarger = Number(response.headers.get('content-length') ?? 0) > bytes;
    content = isLarger ? new Uint8Array() : new Uint8Array(await response.arrayBuffer());
    if (isLarger) await response.body?.cancel();
    if (response.status === 404) content = undefined;
    return response;
  });
  return content;
}

/** What was refused for good is not tried again. */
async function patiently(signal: AbortSignal, act: (limit: AbortSignal) => Promise<Response>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await act(AbortSignal.any([signal, AbortSignal.timeout(TRY_LIMIT_MS)])).catch(
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    signal.throwIfAborted();
    if (answer instanceof Response && (answer.ok || answer.status === 404)) return;
    const isFinal = answer instanceof Response && answer.status < 500 && answer.status !== 429;
    if (isFinal || attempt === TRIES)
      throw new Error(
        answer instanceof Response
          ? `the store of files answered ${answer.status}`
          : `the store of files cannot be reached: ${answer.message}`,
      );
    await sleep(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()), undefined, { signal });
  }
}
