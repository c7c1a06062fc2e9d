import * as z from 'zod';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { minutes, type Instant } from '../../../core/town/instant.ts';
import { AnswerTooLarge } from './bounded-fetch.ts';

/** What GitHub was asked with, in words: what it is, and what helps when GitHub does not take it. */
export interface Credential {
  readonly name: string;
  readonly remedy: string;
}

const TOWN_TOKEN: Credential = {
  name: "the town's token",
  remedy: 'Set a new one as gitAuth.githubToken.',
};

/** What a failure is about. */
export interface Asked {
  /** `owner/name`, or several. */
  readonly repository: string;
  /** It is taken out of what GitHub says. */
  readonly token: string;
  /** @default the town's token */
  readonly credential?: Credential | undefined;
  readonly now: Instant;
}

export type Headers = Readonly<Record<string, string | number | undefined>>;

export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, parsed when it was JSON. */
  readonly data: unknown;
}

const MAX_MESSAGE_CHARS = 500;
const MAX_WORDS_CHARS = 200;
/** GitHub's limits are by the hour; a later word is not believed. */
const MAX_LIMITED_MS = minutes(60);
/** Permissions of fine-grained tokens and apps; a classic token's `repo` has them all. */
const PERMISSIONS =
  'pull requests and contents: read and write; checks, actions, commit statuses and administration: read';

/** A reason of a 422: a text, one with a text, or a field with a code (`invalid`, `missing_field`, …). */
const reasonSchema = z.union([
  z.string(),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ field: z.string(), code: z.string() }).transform(({ field, code }) => `${field} ${code}`),
]);

const bodySchema = z.object({
  message: z.string().catch(''),
  documentation_url: z.string().optional().catch(undefined),
  errors: z.array(reasonSchema.catch('')).catch([]),
});

/** What GitHub says in an answer, in at most 200 characters, without the token. Empty: nothing that is a text. */
export function wordsOf(data: unknown, { token }: Pick<Asked, 'token'>): string {
  const { message, errors } = bodySchema.safeParse(data).data ?? { message: '', errors: [] };
  return sayable([message, ...errors].filter(Boolean).join(': '), token);
}

/** @param token empty: it is not in there */
export const sayable = (text: string, token: string): string =>
  (token === '' ? text : text.replaceAll(token, '…')).replace(/\s+/g, ' ').trim().slice(0, MAX_WORDS_CHARS);

/** An answer that is not what was asked for. */
export function answerFailure(answer: FailedAnswer, asked: Asked): ForgeError {
  const { status, headers, data } = answer;
  const { repository, credential = TOWN_TOKEN } = asked;
  const { name } = credential;
  const words = wordsOf(data, asked);
  const said = words === '' ? `${status}` : `${status}, ${words}`;
  if (isLimit(answer)) return limitFailure(headers, asked);
  switch (status) {
    case 401:
      return failure(
        'unauthorized',
        `GitHub does not take ${name} (${said}): it is wrong, expired or revoked. ${credential.remedy}`,
      );
    case 403:
      return failure('forbidden', forbidden(headers, { repository, name }, said));
    case 451:
      return failure(
        'forbidden',
        `GitHub does not give ${repository} out for legal reasons (${said}): the repository's owner has to settle that with GitHub.`,
      );
    case 404:
    case 410:
      return failure(
        'not_found',
        `GitHub shows ${name} no ${repository}, or not the part that is needed (${said}): correct the rig's git URL, or give the token access to the repository.`,
      );
    case 408:
      return failure('http_error', `GitHub gave up waiting (${said}). It is asked again.`);
    default:
  }
  if (status >= 500) return failure('http_error', `GitHub fails (${said}). It is asked again.`);
  if (status >= 400)
    return failure('refused', `GitHub refuses what was asked for ${repository} (${said}). Look there.`);
  if (status >= 300)
    return failure(
      'not_found',
      `GitHub says that ${repository} has moved, and not where (${said}): set the rig's git URL to its present address.`,
    );
  return notUnderstood(`its answer (${said}) is not what was asked for`);
}

/** A call that threw: no answer, or one that the client could not read. */
export function callFailure(error: unknown): ForgeError {
  const chain = causes(error);
  if (chain.some((each) => each instanceof AnswerTooLarge)) return notUnderstood('its answer is too large');
  if (chain.some(({ name }) => name === 'TimeoutError'))
    return failure('http_error', 'GitHub did not answer in time. It is asked again.');
  // Messages of the network are not passed on, since they may quote what was sent.
  if (chain.some(({ name }) => name === 'HttpError')) {
    const code = chain.map((each) => ('code' in each ? each.code : undefined)).find(isWord);
    return failure(
      'http_error',
      `GitHub could not be reached${code === undefined ? '' : ` (${code})`}. It is asked again; if that stays so, look at the network and GITHUB_API_URL.`,
    );
  }
  return notUnderstood('its answer could not be read');
}

export const notUnderstood = (what: string): ForgeError =>
  failure(
    'invalid_response',
    `GitHub was not understood: ${what}. Check that GITHUB_API_URL is that of a GitHub API.`,
  );

export function limitFailure(headers: Headers, { now, credential = TOWN_TOKEN }: Asked): ForgeError {
  const until = limitedUntil(headers, now);
  const when = until === undefined ? 'in a minute' : `at ${new Date(until).toISOString()}`;
  return failure(
    'rate_limited',
    `GitHub limits how often ${credential.name} may ask. It is asked again ${when}.`,
    until,
  );
}

function failure(kind: ForgeError['kind'], message: string, until?: Instant): ForgeError {
  return new ForgeError(kind, message.slice(0, MAX_MESSAGE_CHARS), { until });
}

/**
 * GitHub limits with 403 and 429, and says so in a header; but a secondary limit comes with no header at times, and is then known by its text
 * or documentation alone (as Octokit's own plugin does).
 */
function isLimit({ status, headers, data }: FailedAnswer): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  if (headers['retry-after'] !== undefined || isSpent(headers)) return true;
  const body = bodySchema.safeParse(data).data;
  return (
    body !== undefined && (isLimitText(body.message) || /rate-limits/.test(body.documentation_url ?? ''))
  );
}

export const isLimitText = (message: string): boolean => /\bsecondary rate limit/i.test(message);

const isSpent = (headers: Headers): boolean => `${headers['x-ratelimit-remaining'] ?? ''}`.trim() === '0';

/** In GitHub's order: what it says to wait, else the reset of a limit that is spent. */
function limitedUntil(headers: Headers, now: Instant): Instant | undefined {
  const wait = `${headers['retry-after'] ?? ''}`.trim();
  const reset = `${headers['x-ratelimit-reset'] ?? ''}`.trim();
  const said = /^\d+$/.test(wait)
    ? now + Number(wait) * 1000
    : wait !== ''
      ? Date.parse(wait)
      : isSpent(headers) && /^\d+$/.test(reset)
        ? Number(reset) * 1000
        : Number.NaN;
  return Number.isNaN(said) ? undefined : Math.min(Math.max(said, now), now + MAX_LIMITED_MS);
}

function forbidden(
  headers: Headers,
  { repository, name }: { repository: string; name: string },
  said: string,
): string {
  // `required; url=https://github.com/orgs/acme/sso?…`
  const sso = /url=(\S+)/.exec(`${headers['x-github-sso'] ?? ''}`)?.[1];
  if (sso !== undefined)
    return `The organization of ${repository} wants single sign-on. Authorize ${name} on GitHub: ${sso}`;
  const accepted = headers['x-accepted-github-permissions'];
  return `GitHub forbids it to ${name} for ${repository} (${said}). The token needs ${accepted ?? PERMISSIONS}.`;
}

function causes(error: unknown): Error[] {
  const found: Error[] = [];
  for (let each = error; each instanceof Error && found.length < 5; each = each.cause) found.push(each);
  return found;
}

const isWord = (code: unknown): code is string => typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code);
