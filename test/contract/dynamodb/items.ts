import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import type { Subject } from './conformance.ts';

export function itemConformance(getSubject: () => Subject): void {
  it('keeps nested values, sets, numbers, binaries and nulls', async () => {
    const { doc, table } = getSubject();
    const item = {
      pk: 'values',
      sk: '1',
      v: 1,
      nested: { mixed: [1, 'b', null, true], nothing: {} },
      set: new Set(['q', 'w']),
      bytes: new Uint8Array([1, 2, 3]),
      undefined: undefined,
    };
    await doc.send(new PutCommand({ TableName: table, Item: item }));
    const { Item } = await doc.send(
      new GetCommand({ TableName: table, Key: { pk: 'values', sk: '1' }, ConsistentRead: true }),
    );
    const { undefined: _, ...stored } = item;
    expect(Item).toEqual(stored);
    const projected = await doc.send(
      new GetCommand({
        TableName: table,
        Key: { pk: 'values', sk: '1' },
        ProjectionExpression: 'nested.mixed[1], v',
      }),
    );
    expect(projected.Item).toEqual({ v: 1, nested: { mixed: ['b'] } });
  });

  it('updates under a condition with SET, ADD, REMOVE, list_append and if_not_exists', async () => {
    const { doc, table } = getSubject();
    const Key = { pk: 'update', sk: '1' };
    await doc.send(
      new PutCommand({ TableName: table, Item: { ...Key, v: 1, n: { x: [1, 2, 3] }, b: 'gone' } }),
    );
    const { Attributes } = await doc.send(
      new UpdateCommand({
        TableName: table,
        Key,
        UpdateExpression:
          'SET #l = list_append(if_not_exists(#l, :none), :new), n.y = :two REMOVE b ADD v :one',
        ConditionExpression: 'v = :one AND attribute_exists(n.x) AND size(n.x) > :two',
        ExpressionAttributeNames: { '#l': 'list' },
        ExpressionAttributeValues: { ':none': [], ':new': ['k'], ':one': 1, ':two': 2 },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes).toEqual({ ...Key, v: 2, n: { x: [1, 2, 3], y: 2 }, list: ['k'] });
  });

  it('answers a failed condition with the item as it stands, when asked', async () => {
    const { doc, table } = getSubject();
    const Key = { pk: 'failed', sk: '1' };
    await doc.send(new PutCommand({ TableName: table, Item: { ...Key, v: 7 } }));
    const condition = {
      TableName: table,
      ConditionExpression: 'v = :v',
      ExpressionAttributeValues: { ':v': 99 },
    };
    const shown = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    const item = { pk: { S: 'failed' }, sk: { S: '1' }, v: { N: '7' } };
    const failures = [
      doc.send(new UpdateCommand({ ...condition, ...shown, Key, UpdateExpression: 'SET v = :v' })),
      doc.send(new PutCommand({ ...condition, ...shown, Item: { ...Key, v: 100 } })),
      doc.send(new DeleteCommand({ ...condition, ...shown, Key })),
    ];
    for (const failure of failures) {
      await expect(failure).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: item });
    }
    const silent = doc.send(new DeleteCommand({ ...condition, Key }));
    await expect(silent).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    await expect(silent).rejects.toMatchObject({ Item: undefined });
    const absent = doc.send(
      new DeleteCommand({ ...condition, ...shown, Key: { pk: 'failed', sk: 'absent' } }),
    );
    await expect(absent).rejects.toMatchObject({ Item: undefined });
    const { Item } = await doc.send(new GetCommand({ TableName: table, Key }));
    expect(Item).toEqual({ ...Key, v: 7 });
  });

  it('deletes under a condition and returns what was there', async () => {
    const { doc, table } = getSubject();
    const Key = { pk: 'delete', sk: '1' };
    await doc.send(new PutCommand({ TableName: table, Item: { ...Key, v: 5 } }));
    const { Attributes } = await doc.send(
      new DeleteCommand({
        TableName: table,
        Key,
        ConditionExpression: 'v BETWEEN :low AND :high',
        ExpressionAttributeValues: { ':low': 1, ':high': 9 },
        ReturnValues: 'ALL_OLD',
      }),
    );
    expect(Attributes).toEqual({ ...Key, v: 5 });
  });

  it('lets one of many concurrent conditional updates of an item win', async () => {
    const { doc, table } = getSubject();
    const Key = { pk: 'contended', sk: '1' };
    await doc.send(new PutCommand({ TableName: table, Item: { ...Key, version: 0 } }));
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        doc.send(
          new UpdateCommand({
            TableName: table,
            Key,
            UpdateExpression: 'ADD version :one',
            ConditionExpression: 'version = :zero',
            ExpressionAttributeValues: { ':one': 1, ':zero': 0 },
          }),
        ),
      ),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('writes and reads batches, and refuses one that names an item twice', async () => {
    const { doc, table } = getSubject();
    const keys = Array.from({ length: 25 }, (_, number) => ({ pk: 'batch', sk: String(number) }));
    const write = (items: object[]) =>
      doc.send(
        new BatchWriteCommand({ RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) } }),
      );
    const { UnprocessedItems } = await write(keys);
    expect(UnprocessedItems).toEqual({});
    const { Responses } = await doc.send(
      new BatchGetCommand({
        RequestItems: { [table]: { Keys: [...keys.slice(0, 3), { pk: 'batch', sk: 'no' }] } },
      }),
    );
    expect(Responses?.[table]).toHaveLength(3);
    await expect(
      write([
        { pk: 'b', sk: '1' },
        { pk: 'b', sk: '1' },
      ]),
    ).rejects.toThrow('contains duplicates');
  });

  const refused: { what: string; item: Record<string, unknown> }[] = [
    { what: 'an item above 400 KiB', item: { v: 'x'.repeat(410 * 1024) } },
    { what: 'an item above 400 KiB in UTF-8, though not in characters', item: { v: 'é'.repeat(250 * 1024) } },
    { what: 'an empty sort key', item: { sk: '' } },
    { what: 'a missing sort key', item: { sk: undefined } },
    { what: 'a key of the wrong type', item: { sk: 1 } },
    { what: 'an empty index key', item: { group: '' } },
    { what: 'an index key of the wrong type', item: { group: 1 } },
  ];
  it.each(refused)('refuses $what', async ({ item }) => {
    const { doc, table } = getSubject();
    const put = doc.send(new PutCommand({ TableName: table, Item: { pk: 'refused', sk: '1', ...item } }));
    await expect(put).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses reserved words, unused values and unknown tables', async () => {
    const { doc, table } = getSubject();
    const update = (UpdateExpression: string, values: Record<string, unknown>, TableName = table) =>
      doc.send(
        new UpdateCommand({
          TableName,
          Key: { pk: 'refused', sk: '1' },
          UpdateExpression,
          ExpressionAttributeValues: values,
        }),
      );
    await expect(update('SET status = :s', { ':s': 1 })).rejects.toThrow('reserved keyword');
    await expect(update('SET a = :s', { ':s': 1, ':t': 2 })).rejects.toThrow('unused in expressions');
    await expect(update('SET a = :s', { ':s': 1 }, `${table}-none`)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
}
