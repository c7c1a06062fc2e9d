import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createInstallStates } from '../../../lambdas/adapters/dynamodb/install-states.ts';
import { startTable } from '../idempotency/table.ts';

let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

const states = () => createInstallStates(table.options, Date.now);
const WISH = { userId: 'ann', orgId: 'acme', returnPath: '/a' };

it('a state of one function is good at any other, once', async () => {
  const state = await states().issueState(WISH);
  expect(await states().redeemState(state)).toEqual(WISH);
  expect(await states().redeemState(state)).toBeUndefined();
});

it('of many that come with one state at once, one gets what it stands for', async () => {
  const state = await states().issueState({ userId: 'ann' });
  const redeemed = await Promise.all(Array.from({ length: 15 }, () => states().redeemState(state)));
  expect(redeemed.filter((wish) => wish !== undefined)).toEqual([{ userId: 'ann' }]);
});

it('fits into a query as it stands, and cannot be read from the table', async () => {
  const state = await states().issueState(WISH);
  expect(state).toBe(encodeURIComponent(state));
  const { Items } = await table.client.send(new ScanCommand({ TableName: table.tableName }));
  const stored = JSON.stringify(Items);
  expect(stored).toContain('"orgId":"acme"');
  for (const part of [state, ...state.split('.')]) expect(stored).not.toContain(part);
});

it('a state of another installation is none here', async () => {
  const other = await startTable();
  const state = await createInstallStates(other.options, Date.now).issueState(WISH);
  await other.close();
  expect(await states().redeemState(state)).toBeUndefined();
});
