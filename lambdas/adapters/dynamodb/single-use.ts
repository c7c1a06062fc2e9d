import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { Now } from '../../../core/ports.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { parseStored, toItem } from './items.ts';
import type { Key } from './keys.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';
import { ABSENT, PRESENT } from './writes.ts';

/** What somebody may come for once, with a secret that only they were given. All methods throw `Unavailable`. */
export interface SingleUse<Value> {
  /** @returns when it ends */
  keep(secret: string, value: Value): Promise<Instant>;
  /** Undefined: never kept, taken before, or too late. */
  take(secret: string): Promise<Value | undefined>;
}

interface Kind<Value extends object> {
  /** In capitals it begins the keys. */
  readonly name: string;
  readonly lifeMs: number;
  readonly schema: z.ZodType<Value>;
}

export function createSingleUse<Value extends object>(
  options: TownTableOptions,
  now: Now,
  { name, lifeMs, schema }: Kind<Value>,
): SingleUse<Value> {
  const table = new TownTable(options);
  const sk = name.toUpperCase();
  /** The secret itself is not kept: whoever reads the table learns none. */
  const keyOf = (secret: string): Key => ({
    pk: `${sk}#${createHash('sha256').update(secret).digest('hex')}`,
    sk,
  });
  return {
    async keep(secret, value) {
      const validUntil = now() + lifeMs;
      const times = { validUntil, expiresAt: Math.ceil(validUntil / 1000) };
      const item = { ...toItem({ ...value, ...times }), ...keyOf(secret) };
      await table.write(name, { op: 'put', item, condition: ABSENT });
      return validUntil;
    },
    async take(secret) {
      const key = keyOf(secret);
      const item = await table.get(name, key);
      if (item === undefined) return undefined;
      const value = parseStored(schema, item);
      // Of two that come with it, one deletes it.
      const isMine = await table.write(name, { op: 'delete', key, condition: PRESENT });
      return isMine && now() < Number(item['validUntil']) ? value : undefined;
    },
  };
}
