import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ForgeError } from '../core/pull-request/forge-error.ts';
import { parseAppSecret, type AppSecretSource } from '../lambdas/adapters/github/app-secret.ts';
import type { SecretSource } from '../lambdas/adapters/github/secret-source.ts';
import { parseWebhookSecrets, type WebhookSecretSource } from '../lambdas/adapters/github/webhook-secret.ts';

/** The GitHub App of a local installation, in `<dataDir>/github-app.json`: what is in AWS's two secrets, in one. */
export function localGitHubApp(dataDir: string): {
  readonly key: AppSecretSource;
  readonly webhook: WebhookSecretSource;
} {
  const file = join(dataDir, 'github-app.json');
  return { key: fileSource(file, parseAppSecret), webhook: fileSource(file, parseWebhookSecrets) };
}

/** It is read again when it was changed; without the file there is no app. */
function fileSource<T>(file: string, parse: (text: string, place: string) => T | undefined): SecretSource<T> {
  let known: { readonly version: string; readonly secret: T | undefined } | undefined;
  return {
    async read() {
      const found = await stat(file).catch(absent);
      if (found === undefined) return undefined;
      // On a machine with other users it is as good as told.
      if ((found.mode & 0o077) !== 0)
        throw new ForgeError('no_token', `Others can read ${file}: chmod 600 it, and make a new key.`);
      const version = `${found.mtimeMs} ${found.size} ${found.ino}`;
      if (known?.version !== version) known = { version, secret: parse(await readFile(file, 'utf8'), file) };
      return known.secret;
    },
  };
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
