import * as z from 'zod';
import { parseStored } from './items.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';

/** Where the last audit of the fleet had to stop. All methods throw `Unavailable`. */
export interface AuditCursor {
  /** Undefined: it had seen all. */
  read(): Promise<string | undefined>;
  write(after: string | undefined): Promise<void>;
}

const KEY = { pk: 'PLATFORM#AUDIT', sk: 'CURSOR' } as const;
const cursorItem = z.object({ after: z.string().optional() });

export function createAuditCursor(options: TownTableOptions): AuditCursor {
  const table = new TownTable(options);
  return {
    async read() {
      const item = await table.get('auditCursor', KEY);
      return item === undefined ? undefined : parseStored(cursorItem, item).after;
    },
    async write(after) {
      await table.write('auditCursor', { op: 'put', item: { ...KEY, after } });
    },
  };
}
