import * as z from 'zod';
import type { Instant } from '../../../core/town/instant.ts';
import { parseStored, toItem } from './items.ts';
import type { Key } from './keys.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';
import { ABSENT, type Condition } from './writes.ts';

/** What is kept of a creation that named itself by an `Idempotency-Key`. */
export interface IdempotencyRecord {
  /** What was asked for; the key stands for this and nothing else. */
  readonly requestHash: string;
  readonly state: 'pending' | 'done';
  /** With `at`: what the creation's ids are made of, the same at every try. */
  readonly seed: string;
  readonly at: Instant;
  /** The try that has the key, and since when. 0: it gave the key back. */
  readonly tryId: string;
  readonly claimedAt: Instant;
  /** How often it was tried. */
  readonly tries: number;
  /** Absent though done: it was too large to keep. */
  readonly answer?: { readonly status: number; readonly body: string } | undefined;
  /** Seconds since 1970, as the table's time to live wants it. Checked on read. */
  readonly expiresAt: number;
}

/** One item a key, written under conditions: of any number of tries at once, one gets it. */
export interface IdempotencyStore {
  read(owner: string, key: string, now: Instant): Promise<IdempotencyRecord | undefined>;
  /**
   * Writes `next` where nothing (or what has expired) stands, or in the place of `last`'s try.
   * @returns false when somebody else was first
   */
  claim(
    owner: string,
    key: string,
    next: IdempotencyRecord,
    last: IdempotencyRecord | undefined,
    now: Instant,
  ): Promise<boolean>;
  /** Writes `next`; a try that was taken over by another changes nothing. */
  settle(owner: string, key: string, next: IdempotencyRecord): Promise<void>;
  /** Forgets the key; the same holds. */
  forget(owner: string, key: string, tryId: string): Promise<void>;
}

const schema = z.object({
  requestHash: z.string(),
  state: z.enum(['pending', 'done']),
  seed: z.string(),
  at: z.number(),
  tryId: z.string(),
  claimedAt: z.number(),
  tries: z.number(),
  answer: z.object({ status: z.number(), body: z.string() }).optional(),
  expiresAt: z.number(),
});

const secondsOf = (now: Instant): number => Math.floor(now / 1000);

/** The owner is escaped: no owner and key can be read as another owner and key. */
const keyOf = (owner: string, key: string): Key => ({
  pk: `IDEMPOTENCY#${encodeURIComponent(owner)}#${key}`,
  sk: 'IDEMPOTENCY',
});

export function createIdempotencyStore(options: TownTableOptions): IdempotencyStore {
  const table = new TownTable(options);
  const put = (
    owner: string,
    key: string,
    record: IdempotencyRecord,
    condition: Condition,
  ): Promise<boolean> => {
    const item = { ...toItem(record), ...keyOf(owner, key) };
    return table.write('idempotency', { op: 'put', item, condition });
  };
  const heldBy = (tryId: string): Condition => ({ text: '#tryId = :tryId', values: { ':tryId': tryId } });
  return {
    async read(owner, key, now) {
      const item = await table.get('idempotency', keyOf(owner, key));
      const record = item === undefined ? undefined : parseStored(schema, item);
      return record === undefined || record.expiresAt <= secondsOf(now) ? undefined : record;
    },
    claim: (owner, key, next, last, now) =>
      put(
        owner,
        key,
        next,
        last === undefined
          ? { text: `${ABSENT.text} OR #expiresAt <= :now`, values: { ':now': secondsOf(now) } }
          : {
              text: '#tryId = :tryId AND #claimedAt = :claimedAt AND #state = :pending',
              values: { ':tryId': last.tryId, ':claimedAt': last.claimedAt, ':pending': 'pending' },
            },
      ),
    async settle(owner, key, next) {
      await put(owner, key, next, heldBy(next.tryId));
    },
    async forget(owner, key, tryId) {
      await table.write('idempotency', { op: 'delete', key: keyOf(owner, key), condition: heldBy(tryId) });
    },
  };
}
