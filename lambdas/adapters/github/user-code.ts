import * as z from 'zod';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { seconds } from '../../../core/town/instant.ts';
import type { AppSecret } from './app-secret.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { notUnderstood } from './failure.ts';

const TIMEOUT_MS = seconds(10);
const MAX_ANSWER_BYTES = 64 * 1024;

/** GitHub answers 200 for both. */
const answerSchema = z.union([
  z.object({ access_token: z.string().min(1) }),
  z.object({ error: z.string() }),
]);

/**
 * The token of the user whom a code of the app's OAuth flow stands for. A code is good once.
 * @throws ForgeError `refused` for a code that is wrong, used or too old
 */
export async function tokenOfUser(
  { webUrl, fetch = globalThis.fetch }: { webUrl: string; fetch?: typeof globalThis.fetch | undefined },
  { clientId, clientSecret }: AppSecret,
  code: string,
): Promise<string> {
  const bounded = boundedFetch(fetch, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES });
  let body: unknown;
  try {
    const response = await bounded(`${webUrl}/login/oauth/access_token`, {
      method: 'POST',
      redirect: 'error',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'gastown-on-aws',
      },
      body: JSON.stringify({ client_id: clientId, client_secret: clientSecret, code }),
    });
    if (response.status >= 500) throw new Error('GitHub fails');
    body = await response.json();
  } catch {
    // What the network says may quote what was sent.
    throw new ForgeError(
      'http_error',
      'GitHub could not say whom the code stands for. Begin the installation again in a moment.',
    );
  }
  const answer = answerSchema.safeParse(body).data;
  if (answer === undefined) throw notUnderstood('its answer to a code is no token');
  if ('access_token' in answer) return answer.access_token;
  if (answer.error === 'incorrect_client_credentials')
    throw new ForgeError(
      'unauthorized',
      "GitHub does not take the GitHub App's client secret: make a new one on the page of the app.",
    );
  throw new ForgeError(
    'refused',
    'GitHub does not take the code: it is wrong, used or too old. Begin the installation again.',
  );
}
