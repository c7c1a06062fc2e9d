import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { redact } from '../git/redact.ts';

const OUTPUT_TAIL_BYTES = 8 * 1024;
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** More than is returned: redacting and cutting need room. */
const KEPT_BYTES = 4 * OUTPUT_TAIL_BYTES;

/** Cuts from the front to at most `maxBytes` of UTF-8, at a character. */
function lastBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= maxBytes) return text;
  let start = bytes.length - maxBytes;
  // 10xxxxxx is inside of a character.
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start).toString('utf8');
}

export interface OutputCapture {
  add(stream: Readable | null): void;
  /** At most 8 KiB, without colours and secrets. */
  tail(): string;
  close(): Promise<void>;
}

/**
 * Writes the output of a gate to a file (at most 16 MiB of it, for a person who looks into the container) and remembers
 * its end.
 */
export async function captureOutput(file: string, secrets: readonly string[]): Promise<OutputCapture> {
  const handle: FileHandle = await open(file, 'w', 0o600);
  let written = 0;
  let writing: Promise<unknown> = Promise.resolve();
  let kept = Buffer.alloc(0);
  let isCut = false;

  const take = (chunk: Buffer): void => {
    kept = Buffer.concat([kept, chunk]);
    if (kept.length > KEPT_BYTES) {
      kept = kept.subarray(kept.length - KEPT_BYTES);
      isCut = true;
    }
    if (written >= MAX_FILE_BYTES) return;
    const part = chunk.subarray(0, MAX_FILE_BYTES - written);
    written += part.length;
    // A full disk must not fail the gate.
    writing = writing.then(() => handle.write(part)).catch(() => {});
  };

  return {
    add(stream) {
      stream?.on('data', take);
      stream?.on('error', () => {});
    },
    tail() {
      const text = stripVTControlCharacters(kept.toString('utf8')).replaceAll('\0', '');
      // The first line may hold the end of a secret, which nothing would recognise.
      const lines = isCut ? text.slice(text.indexOf('\n') + 1) : text;
      return lastBytes(redact(lines, secrets), OUTPUT_TAIL_BYTES);
    },
    async close() {
      await writing;
      await handle.close();
    },
  };
}
