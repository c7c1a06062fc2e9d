import { createInterface, type Interface } from 'node:readline';
import type { Writable } from 'node:stream';
import type { Context } from './context.ts';

/** Lines that somebody types, until Ctrl-D; Ctrl-C ends the program as it does elsewhere. */
export function openLines(
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
  prompt: string,
  output: Writable,
): Interface {
  const lines = createInterface({ input: terminal.input, output, prompt });
  // On a terminal readline takes Ctrl-C for itself.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  signal.addEventListener('abort', () => lines.close());
  return lines;
}
