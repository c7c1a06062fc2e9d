import { createHash } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson } from './canonical-json.ts';
import type { Usage } from './capacity.ts';
import { readAll, type Database } from './database.ts';
import { rangeOf, tokenPrefix } from './keyspace.ts';
import { ServiceError } from './service-error.ts';
import type { WriteBatch } from './write-batch.ts';

/** How long a ClientRequestToken is remembered. Source: TransactWriteItems of the API reference. */
const TOKEN_LIFETIME_MS = 10 * 60_000;

const record = z.object({
  fingerprint: z.string(),
  expiresAtMs: z.number(),
  reads: z.array(
    z.object({ tableName: z.string(), tableUnits: z.number(), indexUnits: z.record(z.string(), z.number()) }),
  ),
});
type TokenRecord = z.infer<typeof record>;

export function fingerprintOf(parameters: unknown): string {
  return createHash('sha256').update(canonicalJson(parameters)).digest('base64');
}

/**
 * Client tokens of committed transactions. A token is written in its transaction's batch, so after a crash a caller that
 * repeats its request learns truly whether it was committed. Called under the write lock.
 */
export class TransactionTokens {
  /** In the order of their expiry. */
  readonly #records = new Map<string, TokenRecord>();

  static async load({ level }: Database): Promise<TransactionTokens> {
    const tokens = new TransactionTokens();
    const loaded: [string, TokenRecord][] = [];
    for await (const [key, value] of readAll(level.iterator(rangeOf(tokenPrefix)))) {
      const { success, data } = record.safeParse(value);
      if (success) loaded.push([key.slice(tokenPrefix.length), data]);
    }
    for (const [token, data] of loaded.sort(([, a], [, b]) => a.expiresAtMs - b.expiresAtMs)) {
      tokens.#records.set(token, data);
    }
    return tokens;
  }

  /** What repeating a committed request costs; undefined for a new token. Throws ServiceError when the request is another one. */
  check(token: string, fingerprint: string): readonly Usage[] | undefined {
    const known = this.#records.get(token);
    if (!known || known.expiresAtMs <= Date.now()) return undefined;
    if (known.fingerprint === fingerprint) return known.reads;
    throw ServiceError.of(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request.',
    );
  }

  /** Puts the token in the batch; what it returns is called when the batch is committed. */
  stage(batch: WriteBatch, token: string, fingerprint: string, reads: readonly Usage[]): () => void {
    const data = {
      fingerprint,
      expiresAtMs: Date.now() + TOKEN_LIFETIME_MS,
      reads: reads.map((usage) => ({ ...usage, indexUnits: { ...usage.indexUnits } })),
    };
    batch.put(tokenPrefix + token, data);
    return () => {
      this.#records.delete(token);
      this.#records.set(token, data);
    };
  }

  /** Puts the removal of expired tokens in the batch. */
  forgetExpired(batch: WriteBatch): void {
    for (const [token, { expiresAtMs }] of this.#records) {
      if (expiresAtMs > Date.now()) return;
      this.#records.delete(token);
      batch.del(tokenPrefix + token);
    }
  }
}
