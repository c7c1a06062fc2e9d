import { afterAll, beforeAll, expect, it } from 'vitest';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { platformKey } from '../../../lambdas/adapters/dynamodb/platform-key.ts';
import { startTable } from './table.ts';

let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

it('of many functions that start at once, all have the same 32 bytes, then and later', async () => {
  const keys = await Promise.all(Array.from({ length: 12 }, () => platformKey(table.options, 'cursor')));
  const later = await platformKey(table.options, 'cursor');
  expect(later.length).toBe(32);
  for (const key of keys) expect(Buffer.from(key).equals(Buffer.from(later))).toBe(true);
});

it('a key that was damaged is not taken, and nothing else is put in its place', async () => {
  const Item = { pk: 'PLATFORM#KEYS', sk: 'cursor', key: new Uint8Array(3) };
  await table.client.send(new PutCommand({ TableName: table.tableName, Item }));
  await expect(platformKey(table.options, 'cursor')).rejects.toThrow(/PLATFORM#KEYS cursor cannot be read/);
});
