import { readFile } from 'node:fs/promises';
import type { Context } from './context.ts';
import { UsageError } from './usage-error.ts';

/** The text of a file; `-` is what is piped in. @throws UsageError when it cannot be read */
export async function readText(
  file: string,
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
): Promise<string> {
  if (file === '-') return readInput({ terminal, signal });
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** All of the standard input. @throws UsageError when nothing is piped in */
export async function readInput({
  terminal: { input },
  signal,
}: Pick<Context, 'terminal' | 'signal'>): Promise<string> {
  if (input.isTTY === true) throw new UsageError('Nothing is piped in: … | gastown …, or gastown … < file.');
  const parts: Buffer[] = [];
  for await (const part of input) {
    signal.throwIfAborted();
    parts.push(Buffer.from(part as Uint8Array));
  }
  return Buffer.concat(parts).toString('utf8');
}

/** JSON from a file or the standard input. @throws UsageError */
export async function readJson(
  file: string,
  context: Pick<Context, 'terminal' | 'signal'>,
): Promise<unknown> {
  const text = await readText(file, context);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${file === '-' ? 'The input' : file} is not JSON: ${(error as Error).message}`);
  }
}
