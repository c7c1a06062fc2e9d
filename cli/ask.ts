import { createInterface } from 'node:readline/promises';
import type { Context } from './context.ts';
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
  const lines = createInterface({ input: terminal.input, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
