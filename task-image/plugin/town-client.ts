import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { callKeyOf } from './call-key.ts';
import { refusal, unreachable } from './problem.ts';

const TIMEOUT_MS = 20_000;
const MAX_TRIES = 3;
const BACKOFF_MS = 400;
const MAX_BACKOFF_MS = 10_000;

export type TownRequest = {
  method: 'GET' | 'POST';
  /** Below the API's root, like `/v1/agent/done`. */
  path: string;
  body?: unknown;
  /** The tool call was aborted. */
  signal?: AbortSignal | undefined;
};

/**
 * Asks the town; resolves to its JSON answer. Network errors, 429 and 5xx are tried up to three times in all, a 401 once
 * more with the token as it is in the file then.
 * @throws TownCallError whose message is for the agent.
 */
export type TownClient = (request: TownRequest) => Promise<unknown>;

export type TownClientOptions = {
  apiUrl: string;
  tokenFile: string;
  /** Holds the id of the message that the running turn answers. */
  turnFile?: string | undefined;
  timeoutMs?: number;
  backoffMs?: number;
};

export function createTownClient(options: TownClientOptions): TownClient {
  const root = options.apiUrl.replace(/\/+$/, '');
  const backoffMs = options.backoffMs ?? BACKOFF_MS;

  return async (request) => {
    // One key for all tries, by which the town can tell a repeated statement from a second one.
    const idempotencyKey = await callKeyOf(options.turnFile, request.path, request.body);
    let isTokenRenewed = false;
    let lastReason = 'no answer';
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const answer = await send(root, request, idempotencyKey, options);
      if ('reason' in answer) {
        lastReason = answer.reason;
      } else if (answer.status < 300) {
        return answer.body === '' ? {} : parseAnswer(answer.body);
      } else if (answer.status === 401 && !isTokenRenewed) {
        isTokenRenewed = true;
        tries -= 1;
        continue;
      } else if (answer.status === 429 || answer.status >= 500) {
        if (tries === MAX_TRIES) throw refusal(answer.status, answer.body);
      } else {
        throw refusal(answer.status, answer.body);
      }
      if (request.signal?.aborted === true) break;
      const asked = 'retryAfterMs' in answer ? answer.retryAfterMs : 0;
      const jittered = backoffMs * 2 ** (tries - 1) * (0.5 + Math.random());
      if (tries < MAX_TRIES) await delay(Math.min(Math.max(asked, jittered), MAX_BACKOFF_MS));
    }
    throw unreachable(lastReason);
  };
}

type Answer = { status: number; body: string; retryAfterMs: number } | { reason: string };

async function send(
  root: string,
  { method, path, body, signal }: TownRequest,
  idempotencyKey: string,
  { tokenFile, timeoutMs = TIMEOUT_MS }: TownClientOptions,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const token = (await readFile(tokenFile, 'utf8')).trim();
    const response = await fetch(root + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'idempotency-key': idempotencyKey,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect would carry the token elsewhere.
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const retryAfterSeconds = Number(response.headers.get('retry-after') ?? '0');
    return {
      status: response.status,
      body: await response.text(),
      retryAfterMs: Number.isFinite(retryAfterSeconds) ? retryAfterSeconds * 1000 : 0,
    };
  } catch (error) {
    if (timeout.aborted) return { reason: `no answer within ${timeoutMs / 1000} s` };
    return { reason: error instanceof Error ? error.message : 'network error' };
  }
}

function parseAnswer(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw unreachable('its answer was not JSON');
  }
}
