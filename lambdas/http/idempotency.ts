import { createHash, randomUUID } from 'node:crypto';
import { Conflict, InvalidInput, TownError } from '../../core/errors.ts';
import { createIds } from '../../core/ids.ts';
import type { Now } from '../../core/ports.ts';
import type { IdempotencyRecord, IdempotencyStore } from '../adapters/dynamodb/idempotency.ts';
import { userOf } from './claims.ts';
import { RetryLater } from './retry-later.ts';
import type { HttpEvent, Route, RouteContext } from './route.ts';

/** How long a key stands for its request (the HTTP contract). */
const LIFE_SECONDS = 24 * 3600;
/** Its maker is dead: twice what API Gateway waits for a function (30 s). */
const DEAD_AFTER_MS = 60_000;
/** An item has room for 400 KB; the rest of the record needs its part. */
const MAX_KEPT_ANSWER_BYTES = 350 * 1024;
const MAX_KEY_CHARS = 255;
/** Printable ASCII. */
const KEY_TEXT = /^[\x20-\x7e]+$/;

export const IDEMPOTENCY_HEADER = 'idempotency-key';

/** An answer as it is sent: for a repeated request it is the first one to the byte. */
export interface SentAnswer {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
}

export interface Idempotency {
  /** Runs the route once for its key, or answers what it answered. Errors are the route's own, and `Conflict`, `InvalidInput`. */
  run(route: Route, event: HttpEvent, key: string): Promise<SentAnswer>;
}

export const freshContext = (now: Now): RouteContext => {
  const at = now();
  return { ids: createIds(randomUUID(), at), at };
};

export const sent = async (answer: ReturnType<Route['handle']>): Promise<SentAnswer> => {
  const { status, body, location } = await answer;
  return location === undefined ? { status, body: JSON.stringify(body) } : { status, body: '', location };
};

/**
 * Creations that can be sent again. A key keeps the seed of the creation's ids from the first try on, so whatever a try that died
 * had written is found again by the next one under the same ids. An answer over 350 KB is not kept: the creation runs again with
 * the same ids and answers with the records that are there, as they are by then.
 */
export function createIdempotency(store: IdempotencyStore, now: Now): Idempotency {
  return {
    async run(route, event, key) {
      mustBeKey(key);
      const owner = userOf(event).id;
      const requestHash = hashOf(route, event);
      const last = await store.read(owner, key, now());
      if (last !== undefined && last.requestHash !== requestHash) {
        throw new Conflict('This Idempotency-Key was used for another request. Take a new key for this one.');
      }
      if (last?.state === 'done') return last.answer ?? sent(route.handle(event, contextOf(last)));
      if (last !== undefined && now() - last.claimedAt < DEAD_AFTER_MS) throw underWay();
      const mine = claimOf(requestHash, last, now());
      if (!(await store.claim(owner, key, mine, last, now()))) throw underWay();
      return settled(store, owner, key, mine, sent(route.handle(event, contextOf(mine))));
    },
  };
}

const contextOf = ({ seed, at }: IdempotencyRecord): RouteContext => ({ ids: createIds(seed, at), at });

const underWay = (): RetryLater =>
  new RetryLater('A request with this Idempotency-Key is under way. Send it again in a moment.', 1);

function claimOf(
  requestHash: string,
  last: IdempotencyRecord | undefined,
  claimedAt: number,
): IdempotencyRecord {
  const begun = last ?? {
    seed: randomUUID(),
    at: claimedAt,
    tries: 0,
    expiresAt: Math.floor(claimedAt / 1000) + LIFE_SECONDS,
  };
  const { seed, at, tries, expiresAt } = begun;
  const tryId = randomUUID();
  return { requestHash, state: 'pending', seed, at, tryId, claimedAt, tries: tries + 1, expiresAt };
}

async function settled(
  store: IdempotencyStore,
  owner: string,
  key: string,
  mine: IdempotencyRecord,
  running: Promise<SentAnswer>,
): Promise<SentAnswer> {
  try {
    const answer = await running;
    const isKept = Buffer.byteLength(answer.body) <= MAX_KEPT_ANSWER_BYTES;
    // Should this fail the record is there all the same, and the next try finds it by its ids.
    await store
      .settle(owner, key, { ...mine, state: 'done', ...(isKept ? { answer } : {}) })
      .catch(() => undefined);
    return answer;
  } catch (error) {
    // A refused request is as if it had not been sent. But after a failure, or after a try that was not heard of again,
    // something may have been written: the seed stays, and the next try may begin at once.
    const isRefused = error instanceof TownError && error.retry === 'never' && error.code !== 'internal';
    const over =
      isRefused && mine.tries === 1
        ? store.forget(owner, key, mine.tryId)
        : store.settle(owner, key, { ...mine, claimedAt: 0 });
    await over.catch(() => undefined);
    throw error;
  }
}

function mustBeKey(key: string): void {
  if (key.length <= MAX_KEY_CHARS && KEY_TEXT.test(key)) return;
  throw new InvalidInput(`\`Idempotency-Key\` is 1 to ${MAX_KEY_CHARS} printable ASCII characters.`, [
    { path: IDEMPOTENCY_HEADER, message: 'not 1 to 255 printable characters' },
  ]);
}

function hashOf(route: Route, event: HttpEvent): string {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const asked = JSON.stringify([route.operationId, event.rawPath, event.rawQueryString]);
  return createHash('sha256').update(asked).update('\n').update(body).digest('hex');
}
