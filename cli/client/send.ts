import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiRefusal, readProblem } from './refusal.ts';
import { isRefusedConnection, Unreachable } from './unreachable.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With its `/v1`, every part of it encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** It gets an `Idempotency-Key`: however often it is sent, one record is made. */
  readonly isCreation?: boolean;
}

/** @throws ApiRefusal, Unreachable */
export type Send = <Result>(request: ApiRequest) => Promise<Result>;

export interface SendOptions {
  /** Without `/v1`. */
  readonly url: string;
  /** Asked for each request. Undefined: only what needs no token is answered. */
  readonly token: () => Promise<string | undefined>;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** As `JSON.parse` takes it. */
  readonly reviver?: (key: string, value: unknown) => unknown;
}

const TIMEOUT_MS = 30_000;
const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 250;
/** An answer may ask for a longer pause than a person waits for. */
const MAX_PAUSE_MS = 15_000;

export function createSend({ url, token, signal, reviver }: SendOptions): Send {
  return async <Result>({ method, path, query = {}, body, isCreation = false }: ApiRequest) => {
    const address = new URL(`${url}${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) address.searchParams.set(name, `${value}`);
    }
    const bearer = await token();
    const init: RequestInit = {
      method,
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(isCreation ? { 'idempotency-key': randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    // A request that may have arrived is sent again only when twice is the same as once.
    const isRepeatable = method !== 'POST' || isCreation;
    for (let tries = 1; ; tries += 1) {
      const isLast = tries === MAX_TRIES;
      const pauseMs = FIRST_PAUSE_MS * 2 ** (tries - 1) * (1 + Math.random() / 2);
      let response: Response;
      let text: string;
      try {
        response = await fetch(address, {
          ...init,
          signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        text = await response.text();
      } catch (error) {
        signal.throwIfAborted();
        if (isLast || !(isRepeatable || isRefusedConnection(error))) throw new Unreachable(url, error);
        await sleep(pauseMs, undefined, { signal });
        continue;
      }
      const isBusy = response.status === 429 || response.status === 503;
      if (!isBusy || isLast) return answerOf<Result>(url, response, text, reviver);
      const wantedMs = Number(response.headers.get('retry-after') ?? 0) * 1000;
      await sleep(Math.min(MAX_PAUSE_MS, Math.max(pauseMs, wantedMs || 0)), undefined, { signal });
    }
  };
}

function answerOf<Result>(
  url: string,
  response: Response,
  text: string,
  reviver: SendOptions['reviver'],
): Result {
  if (!response.ok) throw new ApiRefusal(readProblem(response, text));
  try {
    return JSON.parse(text, reviver) as Result;
  } catch {
    throw new Unreachable(url, new Error('it does not answer in JSON: is this the address of the API?'));
  }
}
