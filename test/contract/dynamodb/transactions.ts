import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  GetCommand,
  PutCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import type { Subject } from './conformance.ts';
import { queryAll } from './queries.ts';

type Operations = NonNullable<TransactWriteCommandInput['TransactItems']>;

export function transactionConformance(getSubject: () => Subject): void {
  const transact = (TransactItems: Operations, ClientRequestToken?: string) =>
    getSubject().doc.send(new TransactWriteCommand({ TransactItems, ClientRequestToken }));
  const read = async (Key: { pk: string; sk: string }) =>
    (
      await getSubject().doc.send(
        new GetCommand({ TableName: getSubject().table, Key, ConsistentRead: true }),
      )
    ).Item;
  const put = (item: Record<string, unknown>) =>
    getSubject().doc.send(new PutCommand({ TableName: getSubject().table, Item: item }));
  const partition = (pk: string) =>
    queryAll(getSubject(), { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': pk } });

  it('puts, updates, deletes and checks in one step, index entries too', async () => {
    const { table: TableName } = getSubject();
    await put({ pk: 'tx', sk: 'deleted', group: 'tx', rank: '0' });
    await put({ pk: 'tx-other', sk: 'checked' });
    await transact([
      {
        Put: {
          TableName,
          Item: { pk: 'tx', sk: 'put', v: 1, group: 'tx', rank: '1' },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      {
        Update: {
          TableName,
          Key: { pk: 'tx', sk: 'updated' },
          UpdateExpression: 'SET v = :v',
          ExpressionAttributeValues: { ':v': 2 },
        },
      },
      { Delete: { TableName, Key: { pk: 'tx', sk: 'deleted' } } },
      {
        ConditionCheck: {
          TableName,
          Key: { pk: 'tx-other', sk: 'checked' },
          ConditionExpression: 'attribute_exists(pk)',
        },
      },
    ]);
    expect(await partition('tx')).toMatchObject([
      { sk: 'put', v: 1 },
      { sk: 'updated', v: 2 },
    ]);
    const inIndex = await queryAll(getSubject(), {
      IndexName: 'byGroup',
      KeyConditionExpression: '#g = :g',
      ExpressionAttributeNames: { '#g': 'group' },
      ExpressionAttributeValues: { ':g': 'tx' },
    });
    expect(inIndex.map(({ sk }) => sk)).toEqual(['put']);
  });

  it('does nothing when a condition fails, and says which, with the item when asked', async () => {
    const { table: TableName } = getSubject();
    await put({ pk: 'cancel', sk: 'there', v: 1 });
    const cancelled = transact([
      { Put: { TableName, Item: { pk: 'cancel', sk: 'never' } } },
      {
        Put: {
          TableName,
          Item: { pk: 'cancel', sk: 'there', v: 2 },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      {
        ConditionCheck: {
          TableName,
          Key: { pk: 'cancel', sk: 'absent' },
          ConditionExpression: 'attribute_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      {
        Update: {
          TableName,
          Key: { pk: 'cancel', sk: 'unresolved' },
          UpdateExpression: 'SET a = b',
        },
      },
    ]);
    const error = await cancelled.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({
      message: expect.stringContaining(
        '[None, ConditionalCheckFailed, ConditionalCheckFailed, ValidationError]',
      ),
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { pk: { S: 'cancel' }, sk: { S: 'there' }, v: { N: '1' } } },
        { Code: 'ConditionalCheckFailed' },
        { Code: 'ValidationError', Message: expect.stringContaining('does not exist in the item') },
      ],
    });
    expect(error).not.toHaveProperty('CancellationReasons.2.Item');
    expect(await partition('cancel')).toEqual([{ pk: 'cancel', sk: 'there', v: 1 }]);
  });

  it('takes 100 operations, not 101, and no two on one item', async () => {
    const { table: TableName } = getSubject();
    const puts = (count: number): Operations =>
      Array.from({ length: count }, (_, number) => ({
        Put: { TableName, Item: { pk: 'hundred', sk: String(number) } },
      }));
    await transact(puts(100));
    expect(await partition('hundred')).toHaveLength(100);
    await expect(transact(puts(101))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(transact([])).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(
      transact([
        { Delete: { TableName, Key: { pk: 'hundred', sk: '1' } } },
        {
          ConditionCheck: {
            TableName,
            Key: { pk: 'hundred', sk: '1' },
            ConditionExpression: 'attribute_exists(pk)',
          },
        },
      ]),
    ).rejects.toThrow('multiple operations on one item');
    expect(await partition('hundred')).toHaveLength(100);
  });

  it('refuses more than 4 MiB', async () => {
    const { table: TableName } = getSubject();
    const large = Array.from({ length: 12 }, (_, number) => ({
      Put: { TableName, Item: { pk: 'too-large', sk: String(number), v: 'x'.repeat(380 * 1024) } },
    }));
    await expect(transact(large)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await partition('too-large')).toEqual([]);
  });

  it('does a request once for each client token, whoever repeats it', async () => {
    const { table: TableName } = getSubject();
    const Key = { pk: 'token', sk: 'counter' };
    const add = (amount: number): Operations => [
      {
        Update: {
          TableName,
          Key,
          UpdateExpression: 'ADD v :amount',
          ExpressionAttributeValues: { ':amount': amount },
        },
      },
    ];
    const token = `token-${Date.now()}`;
    await Promise.all(Array.from({ length: 5 }, () => transact(add(1), token).catch(ifInProgress)));
    await transact(add(1), token);
    expect(await read(Key)).toMatchObject({ v: 1 });
    await expect(transact(add(2), token)).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
    await transact(add(1), `${token}-b`);
    expect(await read(Key)).toMatchObject({ v: 2 });
  });

  it('tries a request again whose first attempt was cancelled', async () => {
    const { table: TableName } = getSubject();
    const Key = { pk: 'token', sk: 'retried' };
    const check: Operations = [
      { ConditionCheck: { TableName, Key, ConditionExpression: 'attribute_exists(pk)' } },
      { Put: { TableName, Item: { pk: 'token', sk: 'result' } } },
    ];
    const token = `retried-${Date.now()}`;
    await expect(transact(check, token)).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    await put(Key);
    await transact(check, token);
    expect(await read({ pk: 'token', sk: 'result' })).toBeDefined();
  });

  it('lets exactly one of racing transactions win each version', async () => {
    const { table: TableName } = getSubject();
    const head = { pk: 'race', sk: 'head' };
    await put({ ...head, version: 0 });
    for (let version = 0; version < 5; version += 1) {
      const attempts = await Promise.allSettled(
        Array.from({ length: 12 }, (_, racer) =>
          transact([
            {
              Update: {
                TableName,
                Key: head,
                UpdateExpression: 'SET version = :next, winner = :racer',
                ConditionExpression: 'version = :version',
                ExpressionAttributeValues: { ':next': version + 1, ':version': version, ':racer': racer },
              },
            },
            { Put: { TableName, Item: { pk: 'race', sk: `log-${version}`, winner: racer } } },
            { Put: { TableName, Item: { pk: 'race', sk: `racer-${racer}`, lastWon: version } } },
          ]),
        ),
      );
      const winners = attempts.flatMap(({ status }, racer) => (status === 'fulfilled' ? [racer] : []));
      expect(winners).toHaveLength(1);
      const [winner] = winners;
      expect(await read(head)).toEqual({ ...head, version: version + 1, winner });
      expect(await read({ pk: 'race', sk: `log-${version}` })).toMatchObject({ winner });
      expect(await read({ pk: 'race', sk: `racer-${winner ?? ''}` })).toMatchObject({ lastWon: version });
      const losses = attempts.flatMap((attempt) =>
        attempt.status === 'rejected' ? [attempt.reason as unknown] : [],
      );
      expect(losses.filter((loss) => !(loss instanceof TransactionCanceledException))).toEqual([]);
    }
  });

  it('answers a long paged query while transactions go on, without what was cancelled', async () => {
    const { doc, table: TableName } = getSubject();
    const items = Array.from({ length: 100 }, (_, number) => ({
      pk: 'long',
      sk: String(number).padStart(3, '0'),
      v: 0,
      text: 'x'.repeat(1000),
    }));
    for (let first = 0; first < items.length; first += 25) {
      const requests = items.slice(first, first + 25).map((Item) => ({ PutRequest: { Item } }));
      await doc.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
    }
    const update = (sk: string, v: number) => ({
      Update: {
        TableName,
        Key: { pk: 'long', sk },
        UpdateExpression: 'SET v = :v',
        ExpressionAttributeValues: { ':v': v },
      },
    });
    const impossible = {
      ConditionCheck: {
        TableName,
        Key: { pk: 'long', sk: 'absent' },
        ConditionExpression: 'attribute_exists(pk)',
      },
    };
    async function transactAll(): Promise<void> {
      for (let v = 1; v <= 15; v += 1) {
        await transact(items.slice(0, 10).map(({ sk }) => update(sk, v)));
        const cancelled = transact([...items.slice(0, 10).map(({ sk }) => update(sk, -1)), impossible]);
        await expect(cancelled).rejects.toBeInstanceOf(TransactionCanceledException);
      }
    }
    async function queryMany(): Promise<void> {
      for (let round = 0; round < 4; round += 1) {
        const found = await queryAll(getSubject(), {
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': 'long' },
          Limit: 9,
        });
        expect(found.map(({ sk }) => sk)).toEqual(items.map(({ sk }) => sk));
        expect(found.filter(({ v }) => Number(v) < 0)).toEqual([]);
      }
    }
    await Promise.all([transactAll(), queryMany()]);
    expect((await partition('long')).slice(0, 10).map(({ v }) => v)).toEqual(
      Array.from({ length: 10 }, () => 15),
    );
  });

  it('reads several items in one step, projected, and answers missing ones empty', async () => {
    const { doc, table: TableName } = getSubject();
    await put({ pk: 'get', sk: '1', v: 1, w: 2 });
    const { Responses } = await doc.send(
      new TransactGetCommand({
        TransactItems: [
          { Get: { TableName, Key: { pk: 'get', sk: '1' }, ProjectionExpression: 'v' } },
          { Get: { TableName, Key: { pk: 'get', sk: 'absent' } } },
        ],
      }),
    );
    expect(Responses?.map(({ Item }) => Item)).toEqual([{ v: 1 }, undefined]);
    const twice = new TransactGetCommand({
      TransactItems: [1, 2].map(() => ({ Get: { TableName, Key: { pk: 'get', sk: '1' } } })),
    });
    await expect(doc.send(twice)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it.each<{ what: string; operation: (table: string) => Operations[number] }>([
    { what: 'no operation', operation: () => ({}) },
    {
      what: 'two operations in one element',
      operation: (TableName) => ({
        Put: { TableName, Item: { pk: 'bad', sk: '1' } },
        Delete: { TableName, Key: { pk: 'bad', sk: '2' } },
      }),
    },
    {
      what: 'a condition that does not parse',
      operation: (TableName) => ({
        Delete: { TableName, Key: { pk: 'bad', sk: '1' }, ConditionExpression: 'v = = 1' },
      }),
    },
    {
      what: 'an update without an expression',
      operation: (TableName) => ({
        Update: { TableName, Key: { pk: 'bad', sk: '1' }, UpdateExpression: undefined },
      }),
    },
  ])('refuses $what', async ({ operation }) => {
    await expect(transact([operation(getSubject().table)])).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
}

/** A server may refuse the repetition of a request that is still under way. */
function ifInProgress(error: unknown): void {
  expect(error).toMatchObject({ name: 'TransactionInProgressException' });
}
