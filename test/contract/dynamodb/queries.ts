import {
  BatchWriteCommand,
  DeleteCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Subject } from './conformance.ts';

/** Pages that any query of these tests may take. */
const MAX_PAGES = 100;

type Query = Omit<QueryCommandInput, 'TableName'>;

/** All items of a query, page by page. */
export async function queryAll({ doc, table }: Subject, query: Query): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await doc.send(new QueryCommand({ ...query, TableName: table, ExclusiveStartKey: start }));
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
    if (!start) return items;
  }
  throw new Error('a query did not end');
}

export function queryConformance(getSubject: () => Subject): void {
  const inPartition = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'query' } };

  beforeAll(async () => {
    const { doc, table } = getSubject();
    const items = Array.from({ length: 100 }, (_, number) => ({
      pk: 'query',
      sk: String(number).padStart(4, '0'),
      v: number % 25,
      group: `G${number % 2}`,
      rank: String(1000 - number).padStart(4, '0'),
    }));
    for (let first = 0; first < items.length; first += 25) {
      const requests = items.slice(first, first + 25).map((Item) => ({ PutRequest: { Item } }));
      await doc.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
    }
  });

  it.each([
    { condition: 'sk BETWEEN :a AND :b', values: { ':a': '0010', ':b': '0059' }, from: '0010', to: '0059' },
    { condition: 'begins_with(sk, :a)', values: { ':a': '009' }, from: '0090', to: '0099' },
    { condition: 'sk < :a', values: { ':a': '0005' }, from: '0000', to: '0004' },
    { condition: 'sk <= :a', values: { ':a': '0005' }, from: '0000', to: '0005' },
    { condition: 'sk > :a', values: { ':a': '0095' }, from: '0096', to: '0099' },
    { condition: 'sk >= :a', values: { ':a': '0095' }, from: '0095', to: '0099' },
    { condition: 'sk = :a', values: { ':a': '0042' }, from: '0042', to: '0042' },
  ])('pages both ways through $condition', async ({ condition, values, from, to }) => {
    const expected = Array.from({ length: Number(to) - Number(from) + 1 }, (_, number) =>
      String(Number(from) + number).padStart(4, '0'),
    );
    for (const ScanIndexForward of [true, false]) {
      const items = await queryAll(getSubject(), {
        KeyConditionExpression: `pk = :p AND ${condition}`,
        ExpressionAttributeValues: { ':p': 'query', ...values },
        ScanIndexForward,
        Limit: 7,
      });
      expect(items.map(({ sk }) => sk)).toEqual(ScanIndexForward ? expected : expected.toReversed());
    }
  });

  it('pages both ways through an index, and projects what it includes', async () => {
    const subject = getSubject();
    for (const ScanIndexForward of [true, false]) {
      const items = await queryAll(subject, {
        IndexName: 'byGroup',
        KeyConditionExpression: '#g = :g',
        ExpressionAttributeNames: { '#g': 'group' },
        ExpressionAttributeValues: { ':g': 'G1' },
        ScanIndexForward,
        Limit: 9,
      });
      const ranks = items.map(({ rank }) => String(rank));
      expect(ranks).toHaveLength(50);
      expect(ranks).toEqual(ScanIndexForward ? ranks.toSorted() : ranks.toSorted().toReversed());
    }
    const [included] = await queryAll(subject, {
      IndexName: 'bySort',
      KeyConditionExpression: '#r = :r',
      ExpressionAttributeNames: { '#r': 'rank' },
      ExpressionAttributeValues: { ':r': '0998' },
    });
    expect(included).toEqual({ pk: 'query', sk: '0002', rank: '0998', v: 2 });
  });

  it('filters, projects and counts', async () => {
    const { doc, table } = getSubject();
    const filtered = await doc.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :p',
        FilterExpression:
          '(v IN (:a, :b) OR contains(#r, :c)) AND NOT attribute_not_exists(#r) AND attribute_type(v, :n)',
        ProjectionExpression: 'sk, #r',
        ExpressionAttributeNames: { '#r': 'rank' },
        ExpressionAttributeValues: { ':p': 'query', ':a': 1, ':b': 2, ':c': '099', ':n': 'N' },
      }),
    );
    // v is 1 or 2 in eight items; ranks 0990 to 0999 are ten items, two of which are among those.
    expect([filtered.Count, filtered.ScannedCount]).toEqual([16, 100]);
    expect(Object.keys(filtered.Items?.[0] ?? {}).toSorted()).toEqual(['rank', 'sk']);
    const counted = await doc.send(new QueryCommand({ TableName: table, ...inPartition, Select: 'COUNT' }));
    expect([counted.Count, counted.Items]).toEqual([100, undefined]);
  });

  it('stops a page at 1 MiB', async () => {
    const subject = getSubject();
    for (let number = 0; number < 5; number += 1) {
      const Item = { pk: 'large', sk: String(number), v: 'x'.repeat(300 * 1024) };
      await subject.doc.send(new PutCommand({ TableName: subject.table, Item }));
    }
    const query = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'large' } };
    const first = await subject.doc.send(new QueryCommand({ TableName: subject.table, ...query }));
    expect(first.LastEvaluatedKey).toBeDefined();
    expect(await queryAll(subject, query)).toHaveLength(5);
  });

  it('scans in segments, each item once', async () => {
    const { doc, table } = getSubject();
    const pages = await Promise.all(
      [0, 1, 2].map((Segment) =>
        doc.send(
          new ScanCommand({
            TableName: table,
            Segment,
            TotalSegments: 3,
            FilterExpression: 'pk = :p',
            ExpressionAttributeValues: { ':p': 'query' },
          }),
        ),
      ),
    );
    expect(pages.reduce((total, { Count }) => total + (Count ?? 0), 0)).toBe(100);
  });

  it('moves and removes index entries with their items', async () => {
    const subject = getSubject();
    const { doc, table } = subject;
    const Key = { pk: 'moving', sk: '1' };
    const inGroup = async (group: string): Promise<number> => {
      const items = await queryAll(subject, {
        IndexName: 'byGroup',
        KeyConditionExpression: '#g = :g',
        ExpressionAttributeNames: { '#g': 'group' },
        ExpressionAttributeValues: { ':g': group },
      });
      return items.length;
    };
    const update = (UpdateExpression: string, values?: Record<string, unknown>) =>
      doc.send(
        new UpdateCommand({
          TableName: table,
          Key,
          UpdateExpression,
          ExpressionAttributeNames: { '#g': 'group' },
          ExpressionAttributeValues: values,
        }),
      );
    await doc.send(new PutCommand({ TableName: table, Item: { ...Key, group: 'from', rank: '1' } }));
    expect([await inGroup('from'), await inGroup('to')]).toEqual([1, 0]);
    await update('SET #g = :g', { ':g': 'to' });
    expect([await inGroup('from'), await inGroup('to')]).toEqual([0, 1]);
    await update('REMOVE #g');
    expect([await inGroup('from'), await inGroup('to')]).toEqual([0, 0]);
    await update('SET #g = :g', { ':g': 'from' });
    await doc.send(new DeleteCommand({ TableName: table, Key }));
    expect(await inGroup('from')).toBe(0);
  });

  it('keeps all items with one index key apart', async () => {
    const subject = getSubject();
    const { doc, table } = subject;
    const [one, other] = itemsThatShareAHash();
    const inState = {
      IndexName: 'byState',
      KeyConditionExpression: '#s = :s',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':s': 'same' },
      Limit: 1,
    };
    for (const Key of [one, other]) {
      await doc.send(new PutCommand({ TableName: table, Item: { ...Key, state: 'same' } }));
    }
    for (const ScanIndexForward of [true, false]) {
      const found = await queryAll(subject, { ...inState, ScanIndexForward });
      expect(new Set(found.map(({ sk }) => sk))).toEqual(new Set([one.sk, other.sk]));
      expect(found).toHaveLength(2);
    }
    await doc.send(new DeleteCommand({ TableName: table, Key: one }));
    expect(await queryAll(subject, inState)).toMatchObject([other]);
  });
}

/** Two keys which an index that tells items apart by 24 bits of this hash (dynalite's) would mix up. */
function itemsThatShareAHash(): [{ pk: string; sk: string }, { pk: string; sk: string }] {
  const seen = new Map<string, string>();
  for (let number = 0; number < 100_000; number += 1) {
    const sk = String(number);
    const hash = createHash('md5').update(`Outliersshared${sk}`).digest('hex').slice(0, 6);
    const earlier = seen.get(hash);
    if (earlier !== undefined) {
      return [
        { pk: 'shared', sk: earlier },
        { pk: 'shared', sk },
      ];
    }
    seen.set(hash, sk);
  }
  throw new Error('no two of these keys share a hash');
}
