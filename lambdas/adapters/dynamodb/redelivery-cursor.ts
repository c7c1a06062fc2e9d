import * as z from 'zod';
import type { Instant } from '../../../core/town/instant.ts';
import { parseStored } from './items.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';

/** Until when deliveries of webhooks have been looked at. All methods throw `Unavailable`. */
export interface RedeliveryCursor {
  /** Undefined: nobody has looked yet. */
  read(): Promise<Instant | undefined>;
  write(lookedAt: Instant): Promise<void>;
}

const KEY = { pk: 'PLATFORM#REDELIVERY', sk: 'CURSOR' } as const;
const cursorItem = z.object({ lookedAt: z.number() });

export function createRedeliveryCursor(options: TownTableOptions): RedeliveryCursor {
  const table = new TownTable(options);
  return {
    async read() {
      const item = await table.get('redeliveryCursor', KEY);
      return item === undefined ? undefined : parseStored(cursorItem, item).lookedAt;
    },
    async write(lookedAt) {
      await table.write('redeliveryCursor', { op: 'put', item: { ...KEY, lookedAt } });
    },
  };
}
