import { CommandFailed } from '../command-failed.ts';
import type { MadeApp } from './made-app.ts';

const TIMEOUT_MS = 20_000;

/**
 * Has GitHub make the app that a code stands for; it does so once.
 * @throws CommandFailed
 */
export async function convertedApp(apiUrl: string, code: string, signal: AbortSignal): Promise<MadeApp> {
  let status = 0;
  let body: unknown;
  try {
    const response = await fetch(`${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: { accept: 'application/vnd.github+json', 'user-agent': 'gastown-on-aws' },
    });
    ({ status } = response);
    body = await response.json();
  } catch {
    signal.throwIfAborted();
    throw new CommandFailed('GitHub could not be asked for the app. Run the command again.');
  }
  if (status !== 201)
    throw new CommandFailed(
      `GitHub did not make the app (${status}): the code is wrong or too old. Run it again.`,
    );
  const {
    id,
    slug,
    html_url: htmlUrl,
    client_id: clientId,
    client_secret: clientSecret,
    webhook_secret: webhookSecret,
    pem: privateKey,
  } = body as Record<string, unknown>;
  const texts = [slug, htmlUrl, clientId, clientSecret, privateKey];
  if (typeof id !== 'number' || !texts.every((text) => typeof text === 'string'))
    throw new CommandFailed(
      'GitHub made the app, and its answer is not understood. Delete the app on GitHub.',
    );
  const [ofSlug = '', ofPage = '', ofClient = '', ofSecret = '', ofKey = ''] = texts;
  return {
    appId: id,
    slug: ofSlug,
    htmlUrl: ofPage,
    clientId: ofClient,
    clientSecret: ofSecret,
    privateKey: ofKey,
    webhookSecrets: typeof webhookSecret === 'string' && webhookSecret !== '' ? [webhookSecret] : [],
  };
}
