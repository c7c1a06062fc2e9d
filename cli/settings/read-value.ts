import type { Context } from '../context.ts';
import { readInput } from '../read-text.ts';
import { UsageError } from '../usage-error.ts';
import { isSecret } from './paths.ts';

export interface ValueSource {
  readonly path: string;
  readonly value: string | undefined;
  /** Name of a variable of the environment. */
  readonly secretEnv: string | undefined;
  readonly isSecretPiped: boolean;
}

/** The new value of a setting, from the one place that was said. @throws UsageError */
export async function readValue(
  { path, value, secretEnv, isSecretPiped }: ValueSource,
  context: Pick<Context, 'terminal' | 'signal' | 'env'>,
): Promise<unknown> {
  const sources = [value !== undefined, secretEnv !== undefined, isSecretPiped].filter(Boolean).length;
  if (sources !== 1) throw new UsageError('Say one of: a value, --secret-stdin, --secret-env NAME.');
  if (isSecretPiped) return nonEmpty((await readInput(context)).trim(), 'What is piped in');
  if (secretEnv !== undefined) return nonEmpty(context.env[secretEnv] ?? '', secretEnv);
  if (isSecret(path) && value !== 'null') {
    throw new UsageError(
      `${path} is a secret, which does not belong on a command line: pipe it in with --secret-stdin, or name a variable with --secret-env.`,
    );
  }
  return jsonOrText(value ?? '');
}

function nonEmpty(text: string, what: string): string {
  if (text === '') throw new UsageError(`${what} is empty.`);
  return text;
}

/** `true`, `5`, `null` and `["npm test"]` are what they look like; everything else is a text. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
