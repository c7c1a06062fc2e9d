import * as z from 'zod';
import type { Now } from '../../../core/ports.ts';
import { parseStored } from './items.ts';
import type { Key } from './keys.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';

/** GitHub sends a delivery again for three days, and never later. */
const KEPT_MS = 4 * 24 * 60 * 60 * 1000;

const stored = z.object({ takenAt: z.number() });
const keyOf = (id: string): Key => ({ pk: `DELIVERY#${id}`, sk: 'DELIVERY' });

/** What was taken of a forge's deliveries, so that none counts twice. All methods throw `Unavailable`. */
export interface Deliveries {
  isTaken(id: string): Promise<boolean>;
  /** After its facts are on their way, and not before: a delivery that fails half-way must count when it comes again. */
  take(id: string): Promise<void>;
}

export function createDeliveries(options: TownTableOptions, now: Now): Deliveries {
  const table = new TownTable(options);
  return {
    async isTaken(id) {
      const item = await table.get('delivery', keyOf(id));
      return item !== undefined && parseStored(stored, item).takenAt + KEPT_MS > now();
    },
    async take(id) {
      const takenAt = now();
      const expiresAt = Math.ceil((takenAt + KEPT_MS) / 1000);
      await table.write('delivery', { op: 'put', item: { takenAt, expiresAt, ...keyOf(id) } });
    },
  };
}
