import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Now } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { minutes, seconds, type Instant } from '../../../core/town/instant.ts';
import type { SecretSource } from './secret-source.ts';

const TIMEOUT_MS = seconds(5);
/** A key that was replaced is noticed earlier, since GitHub refuses the old one. */
const REMEMBERED_MS = minutes(5);
/** Somebody sets the app up while the function runs. */
const ABSENT_MS = seconds(30);
/** GitHub may go on refusing: a secret is read anew so often and not at each refusal. */
const MIN_AGE_MS = seconds(10);

/** A secret in Secrets Manager, remembered for some minutes. Without a value there is no app. */
export function createSecretSource<T>(options: {
  readonly client: SecretsManagerClient;
  readonly arn: string;
  /** See `parseAppSecret`. */
  readonly parse: (text: string, place: string) => T | undefined;
  readonly now: Now;
}): SecretSource<T> {
  const { client, arn, parse, now } = options;
  let known: { readonly secret: T | undefined; readonly at: Instant } | undefined;
  return {
    async read(isFresh) {
      const at = now();
      const maxAge = known?.secret === undefined ? ABSENT_MS : isFresh ? MIN_AGE_MS : REMEMBERED_MS;
      if (known === undefined || at - known.at > maxAge)
        known = { secret: parse(await textOf(client, arn), 'Secrets Manager'), at };
      return known.secret;
    },
  };
}

async function textOf(client: SecretsManagerClient, arn: string): Promise<string> {
  try {
    const command = new GetSecretValueCommand({ SecretId: arn });
    const answer = await client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
    return answer.SecretString ?? '';
  } catch (error) {
    // A secret that was made and never given a value.
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return '';
    const message = "The GitHub App's secret could not be read. It is read again in a moment.";
    throw new ForgeError('http_error', message, { cause: error });
  }
}
