import { appManifest } from '../app-manifest.ts';
import type { World } from '../world.ts';
import type { Answer } from './answer.ts';
import type { ApiContext } from './api-requests.ts';

/** What GitHub has for browsers and OAuth, beside its APIs. */
export interface WebCall {
  readonly operation: string;
  readonly run: (context: ApiContext, call: { readonly url: URL; readonly body: Buffer }) => Answer;
}

/** Undefined: the path is none of these. */
export function readWebCall(method: string | undefined, { pathname }: URL): WebCall | undefined {
  const [, logId] = /^\/logs\/(\d+)$/.exec(pathname) ?? [];
  if (method === 'GET' && logId !== undefined)
    return { operation: 'GET /logs/{id}', run: ({ world }) => logOf(world, Number(logId)) };
  if (method !== 'POST') return undefined;
  if (pathname === '/login/oauth/access_token')
    return { operation: 'POST /login/oauth/access_token', run: exchange };
  if (pathname === '/settings/apps/new')
    return {
      operation: 'POST /settings/apps/new',
      run: (context, call) => takeManifest(context, call, 'acme'),
    };
  const [, org] = /^\/organizations\/([^/]+)\/settings\/apps\/new$/.exec(pathname) ?? [];
  if (org === undefined) return undefined;
  return {
    operation: 'POST /organizations/{org}/settings/apps/new',
    run: (context, call) => takeManifest(context, call, decodeURIComponent(org)),
  };
}

/** What the API sends on to: whoever has the address may read it. */
function logOf(world: World, id: number): Answer {
  const checks = [...world.repositories.values()].flatMap(({ checks: all }) => [...all.values()].flat());
  const check = checks.find((each) => each.kind === 'checkRun' && each.id === id);
  const log = check?.kind === 'checkRun' ? check.log : undefined;
  return {
    status: log === undefined ? 404 : 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: log ?? '',
  };
}

/** A form, or JSON. */
function fieldsOf(body: Buffer): Record<string, string> {
  const text = body.toString('utf8');
  if (!text.startsWith('{')) return Object.fromEntries(new URLSearchParams(text));
  return JSON.parse(text) as Record<string, string>;
}

const json = (body: object): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
});

/** A user's token for a code. GitHub answers 200 in any case. */
function exchange({ app, access, codes }: ApiContext, { body }: { readonly body: Buffer }): Answer {
  const { client_id: clientId, client_secret: clientSecret, code = '' } = fieldsOf(body);
  if (clientId !== app.clientId || clientSecret !== app.clientSecret)
    return json({
      error: 'incorrect_client_credentials',
      error_description: 'The client_id and/or client_secret passed are incorrect.',
    });
  const login = codes.users.take(code);
  if (login === undefined)
    return json({
      error: 'bad_verification_code',
      error_description: 'The code passed is incorrect or expired.',
    });
  return json({ access_token: access.issueThroughApp(login), token_type: 'bearer', scope: '' });
}

/** The owner looks at the manifest and says yes: the browser goes back with a code. */
function takeManifest(
  { codes }: ApiContext,
  { url, body }: { readonly url: URL; readonly body: Buffer },
  owner: string,
): Answer {
  const { manifest: text = '' } = fieldsOf(body);
  const parsed = appManifest.safeParse(jsonOf(text));
  if (!parsed.success)
    return {
      status: 422,
      headers: { 'content-type': 'text/plain' },
      body: `Error: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
    };
  const to = new URL(parsed.data.redirect_url);
  to.searchParams.set('code', codes.manifests.issue({ manifest: parsed.data, owner }));
  const state = url.searchParams.get('state');
  if (state !== null) to.searchParams.set('state', state);
  return { status: 302, headers: { location: to.href }, body: '' };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
