import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, it } from 'vitest';
import type { Subject } from './conformance.ts';

const ASKED = { ReturnConsumedCapacity: 'INDEXES' } as const;
const pk = 'capacity';

/** Sizes in the rows are of attribute `v`; names and keys add less than 30 bytes. */
export function capacityConformance(getSubject: () => Subject): void {
  const put = async (item: Record<string, unknown>): Promise<ConsumedCapacity | undefined> => {
    const { doc, table } = getSubject();
    const Item = { pk, ...item };
    return (await doc.send(new PutCommand({ TableName: table, Item, ...ASKED }))).ConsumedCapacity;
  };
  const update = async (sk: string, UpdateExpression: string, values: Record<string, unknown>) => {
    const { doc, table } = getSubject();
    const answer = await doc.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk, sk },
        UpdateExpression,
        ExpressionAttributeNames: UpdateExpression.includes('#g') ? { '#g': 'group' } : undefined,
        ExpressionAttributeValues: values,
        ...ASKED,
      }),
    );
    return answer.ConsumedCapacity;
  };
  const get = async (sk: string, ConsistentRead: boolean) => {
    const { doc, table } = getSubject();
    const command = new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead, ...ASKED });
    return (await doc.send(command)).ConsumedCapacity?.CapacityUnits;
  };

  beforeAll(async () => {
    await put({ sk: 'five', v: 'x'.repeat(5000) });
    for (let number = 0; number < 10; number += 1) {
      await put({
        pk: 'capacity-page',
        sk: String(number),
        group: 'capacity',
        rank: '1',
        v: 'x'.repeat(1000),
      });
    }
  });

  it.each([
    { what: 'a small item', item: { v: 1 }, table: 1, indexes: {} },
    { what: '3,000 bytes', item: { v: 'x'.repeat(3000) }, table: 3, indexes: {} },
    { what: 'bytes, not characters', item: { v: 'é'.repeat(700) }, table: 2, indexes: {} },
    {
      what: 'an item in indexes, each as it is projected',
      item: { v: 'x'.repeat(1500), group: 'g', rank: 'r', state: 's' },
      table: 2,
      indexes: { byGroup: 2, bySort: 2, byState: 1 },
    },
  ])('of a put counts $what', async ({ item, table, indexes }) => {
    const capacity = await put({
      sk: `put-${table}-${Object.keys(indexes).length}-${JSON.stringify(item.v)[1]}`,
      ...item,
    });
    expect(capacity?.Table?.CapacityUnits).toBe(table);
    expect(unitsByIndex(capacity)).toEqual(indexes);
    expect(capacity?.CapacityUnits).toBe(
      Object.values(indexes).reduce((total, units) => total + units, table),
    );
  });

  it('of an update counts the larger image, and index entries only where they change', async () => {
    await put({ sk: 'update', group: 'g', rank: '1', state: 's', v: 'x'.repeat(1500) });
    const shrunk = await update('update', 'SET v = :v', { ':v': 'small' });
    expect([shrunk?.Table?.CapacityUnits, unitsByIndex(shrunk)]).toEqual([2, { byGroup: 2, bySort: 2 }]);
    const moved = await update('update', 'SET #g = :g', { ':g': 'h' });
    expect([moved?.Table?.CapacityUnits, unitsByIndex(moved)]).toEqual([1, { byGroup: 2 }]);
    const same = await update('update', 'SET #g = :g', { ':g': 'h' });
    expect([same?.Table?.CapacityUnits, unitsByIndex(same)]).toEqual([1, {}]);
    const { doc, table } = getSubject();
    const deleted = await doc.send(
      new DeleteCommand({ TableName: table, Key: { pk, sk: 'update' }, ...ASKED }),
    );
    expect(deleted.ConsumedCapacity?.CapacityUnits).toBe(4);
  });

  it('of reads counts 4 KiB, half when eventually consistent, and something for nothing', async () => {
    expect(await get('five', true)).toBe(2);
    expect(await get('five', false)).toBe(1);
    expect(await get('absent', true)).toBe(1);
    expect(await get('absent', false)).toBe(0.5);
    const { doc, table } = getSubject();
    const Keys = ['five', 'absent'].map((sk) => ({ pk, sk }));
    const batch = await doc.send(new BatchGetCommand({ RequestItems: { [table]: { Keys } }, ...ASKED }));
    expect(batch.ConsumedCapacity).toMatchObject([{ TableName: table, CapacityUnits: 1.5 }]);
  });

  it.each([
    { what: 'a whole partition, strongly', query: { ConsistentRead: true }, units: 3 },
    { what: 'a whole partition', query: {}, units: 1.5 },
    { what: 'a limited page', query: { Limit: 3 }, units: 0.5 },
    { what: 'what a filter drops', query: { FilterExpression: 'attribute_exists(w)' }, units: 1.5 },
  ])('of a query rounds its items up together: $what', async ({ query, units }) => {
    const { doc, table } = getSubject();
    const answer = await doc.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': 'capacity-page' },
        ...query,
        ...ASKED,
      }),
    );
    expect(answer.ConsumedCapacity?.CapacityUnits).toBe(units);
  });

  it('of a query on an index is the index’s', async () => {
    const { doc, table } = getSubject();
    const inGroup = async (group: string) => {
      const answer = await doc.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byGroup',
          KeyConditionExpression: '#g = :g',
          ExpressionAttributeNames: { '#g': 'group' },
          ExpressionAttributeValues: { ':g': group },
          ...ASKED,
        }),
      );
      return unitsByIndex(answer.ConsumedCapacity);
    };
    expect(await inGroup('capacity')).toEqual({ byGroup: 1.5 });
    expect(await inGroup('nobody')).toEqual({ byGroup: 0.5 });
  });

  it('of a transaction is double, rounded up for each item; repeating a token costs reads', async () => {
    const { doc, table: TableName } = getSubject();
    const write = () =>
      doc.send(
        new TransactWriteCommand({
          ReturnConsumedCapacity: 'TOTAL',
          ClientRequestToken: `capacity-${TableName}`.slice(-36),
          TransactItems: [
            { Put: { TableName, Item: { pk, sk: 'tx', v: 'x'.repeat(1500) } } },
            { Delete: { TableName, Key: { pk, sk: 'absent' } } },
            {
              ConditionCheck: {
                TableName,
                Key: { pk: 'capacity-page', sk: '1' },
                ConditionExpression: 'attribute_exists(pk)',
              },
            },
          ],
        }),
      );
    // 2 KiB put, missing item, item of 2 KiB checked: twice (2 + 1 + 2)
    expect((await write()).ConsumedCapacity).toEqual([
      { TableName, CapacityUnits: 10, WriteCapacityUnits: 10 },
    ]);
    expect((await write()).ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 6, ReadCapacityUnits: 6 }]);
    const read = await doc.send(
      new TransactGetCommand({
        ReturnConsumedCapacity: 'TOTAL',
        TransactItems: ['five', 'absent'].map((sk) => ({ Get: { TableName, Key: { pk, sk } } })),
      }),
    );
    expect(read.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 6, ReadCapacityUnits: 6 }]);
  });

  it('is not told unless asked for', async () => {
    const { doc, table } = getSubject();
    const answer = await doc.send(new GetCommand({ TableName: table, Key: { pk, sk: 'five' } }));
    expect(answer.ConsumedCapacity).toBeUndefined();
  });
}

function unitsByIndex(capacity: ConsumedCapacity | undefined): Record<string, number | undefined> {
  const indexes = Object.entries(capacity?.GlobalSecondaryIndexes ?? {});
  return Object.fromEntries(indexes.map(([name, { CapacityUnits }]) => [name, CapacityUnits]));
}
