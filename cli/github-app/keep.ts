import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailed } from '../command-failed.ts';
import { UsageError } from '../usage-error.ts';
import { keyOf, webhookOf, type MadeApp } from './made-app.ts';

/** Where the app's secrets go. */
export interface Keep {
  /** For people. */
  readonly place: string;
  keep(app: MadeApp): Promise<void>;
}

/**
 * In `<dataDir>/github-app.json`, for its owner alone.
 * @throws UsageError when there is no such installation, or it has an app
 */
export function keepInFile(dataDir: string, isReplaced: boolean): Keep {
  const file = join(dataDir, 'github-app.json');
  if (!existsSync(dataDir))
    throw new UsageError(`There is no directory ${dataDir}: start npm start once, or say --data-dir.`);
  if (existsSync(file) && !isReplaced)
    throw new UsageError(`${file} holds an app already. Say --replace to put another in its place.`);
  return {
    place: file,
    async keep(app) {
      const next = `${file}.${randomBytes(6).toString('hex')}.new`;
      const text = JSON.stringify({ ...keyOf(app), ...webhookOf(app) }, undefined, 2);
      await writeFile(next, `${text}\n`, { mode: 0o600 });
      await rename(next, file);
    },
  };
}

const ARN = /^arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):\d{12}:secret:\S+$/;

/**
 * In the two secrets that the stack has made; both are looked for at once, so that nothing is made which cannot be kept.
 * @throws UsageError for what is no ARN of a secret, or an app that is there; CommandFailed when a secret cannot be reached
 */
export async function keepInSecrets(
  arns: { readonly key: string; readonly webhook: string },
  isReplaced: boolean,
): Promise<Keep> {
  const [, region] = ARN.exec(arns.key) ?? [];
  if (region === undefined || !ARN.test(arns.webhook))
    throw new UsageError(
      '--key-secret and --webhook-secret are ARNs of secrets, as the stack puts them out.',
    );
  const { SecretsManagerClient, DescribeSecretCommand, PutSecretValueCommand } =
    await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({ region, maxAttempts: 3 });
  const bounded = () => ({ abortSignal: AbortSignal.timeout(20_000) });
  const failed = (error: unknown): CommandFailed => {
    const name = error instanceof Error ? error.name : 'unknown';
    return new CommandFailed(
      `AWS does not give the secrets (${name}). Look at the credentials and the ARNs.`,
    );
  };
  for (const SecretId of [arns.key, arns.webhook]) {
    const found = await client
      .send(new DescribeSecretCommand({ SecretId }), bounded())
      .catch((error: unknown) => {
        throw failed(error);
      });
    if (found.VersionIdsToStages !== undefined && !isReplaced)
      throw new UsageError('The secrets hold an app already. Say --replace to put another in its place.');
  }
  return {
    place: 'Secrets Manager',
    async keep(app) {
      const values = [
        [arns.webhook, webhookOf(app)],
        [arns.key, keyOf(app)],
      ] as const;
      for (const [SecretId, value] of values) {
        const command = new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(value) });
        await client.send(command, bounded());
      }
    },
  };
}
