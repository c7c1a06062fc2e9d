import * as z from 'zod';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { jsonOf } from './app-secret.ts';
import type { SecretSource } from './secret-source.ts';

const schema = z.object({ webhookSecrets: z.array(z.string().min(1)).min(1).max(2) });

/** What GitHub signs webhooks with, the present one first; a second one while it is replaced. */
export type WebhookSecretSource = SecretSource<readonly string[]>;

/**
 * @param place what is named when it cannot be read: never what is in it
 * @throws ForgeError `no_token`
 */
export function parseWebhookSecrets(text: string, place: string): readonly string[] | undefined {
  if (text.trim() === '') return undefined;
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data.webhookSecrets;
  throw new ForgeError(
    'no_token',
    `The webhook secrets of the GitHub App in ${place} cannot be read: webhookSecrets has one or two texts.`,
  );
}
