import type { Context } from './context.ts';
import { openLines } from './read-lines.ts';
import { UsageError } from './usage-error.ts';

/**
 * Asks before something is destroyed.
 * @param isSure `--yes`
 * @throws UsageError when there is nobody to ask
 */
export async function confirm(
  question: string,
  isSure: boolean,
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
): Promise<boolean> {
  if (isSure) return true;
  if (terminal.input.isTTY !== true) throw new UsageError(`${question} Say --yes.`);
  const lines = openLines({ terminal, signal }, `${question} [y/N] `, process.stderr);
  lines.prompt();
  for await (const answer of lines) {
    lines.close();
    return /^y(?:es)?$/i.test(answer.trim());
  }
  signal.throwIfAborted();
  return false;
}
