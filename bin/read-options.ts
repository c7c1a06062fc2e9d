import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { ModelOptionError } from '../local/model-options.ts';

/** The command line cannot be followed; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError for an unknown option, a missing value, or a word that is no option */
export function readOptions<Options extends ParseArgsOptionsConfig>(
  options: Options,
  args: string[] = process.argv.slice(2),
) {
  try {
    return parseArgs({ options, args }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node goes on about positional arguments, which no program here takes.
    throw new UsageError(`${message.split('. ')[0] ?? message}. See --help.`);
  }
}

/** @throws UsageError unless `text` is a plain number from `min` to `max` */
export function numberOption(
  name: string,
  text: string,
  { min, max, isWhole = false }: { min: number; max: number; isWhole?: boolean },
): number {
  const number = Number(text);
  const isPlain = isWhole ? /^\d+$/.test(text) : /^\d+(?:\.\d+)?$/.test(text);
  if (!isPlain || number < min || number > max) {
    throw new UsageError(
      `${name} is a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}, not "${text}".`,
    );
  }
  return number;
}

/** Says what went wrong in one line. @returns the exit code: 2 when other options would help, else 1 */
export function reportFailure(error: unknown): number {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof UsageError || error instanceof ModelOptionError ? 2 : 1;
}
