import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NotFound, Unavailable } from '../../../core/errors.ts';
import { createIdempotencyStore } from '../../../lambdas/adapters/dynamodb/idempotency.ts';
import { TownTable } from '../../../lambdas/adapters/dynamodb/town-table.ts';
import { createJsonTelemetry } from '../../../lambdas/adapters/telemetry/json-telemetry.ts';
import { createHttpHandler } from '../../../lambdas/http/handler.ts';
import { createIdempotency } from '../../../lambdas/http/idempotency.ts';
import type { Route, RouteContext } from '../../../lambdas/http/route.ts';
import { eventOf, routeOf } from '../../unit/http-handler/events.ts';
import { startTable } from './table.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

let prefix = 0;
/** What a creation does this time, after or before its record is written. */
type Turn = (context: RouteContext) => Promise<void>;

/** A creation that writes a record under its first id, and answers with the record that is there. */
function subject() {
  prefix += 1;
  const kind = `THING#${prefix}`;
  const clock = { now: Date.UTC(2026, 0, 1) };
  const turns: { before?: Turn; after?: Turn }[] = [];
  const state = { runs: 0, bodyBytes: 10 };
  const things = new TownTable(table.options);
  const handle: Route['handle'] = async (_event, context) => {
    state.runs += 1;
    const turn = turns.shift() ?? {};
    await turn.before?.(context);
    const id = context.ids.next();
    const item = { pk: kind, sk: id, createdAt: context.at, note: `run ${state.runs}` };
    const condition = { text: 'attribute_not_exists(#pk)' };
    await things.write('thing', { op: 'put', item, condition });
    await turn.after?.(context);
    const stored = await things.get('thing', { pk: kind, sk: id });
    return { status: 201, body: { id, note: stored?.['note'], text: 'x'.repeat(state.bodyBytes) } };
  };
  const route = routeOf({
    method: 'POST',
    path: '/v1/things',
    operationId: 'makeThing',
    isCreation: true,
    handle,
  });
  const other = routeOf({ ...route, path: '/v1/others', operationId: 'makeOther' });
  const plain = routeOf({ ...route, path: '/v1/plain', operationId: 'readThing', isCreation: false });
  const telemetry = createJsonTelemetry({ service: 'test', write: () => undefined });
  const now = () => clock.now;
  const handler = createHttpHandler([route, other, plain], telemetry, {
    idempotency: createIdempotency(createIdempotencyStore(table.options), now),
    now,
  });
  return {
    clock,
    turns,
    state,
    call: async (
      given: {
        key?: string | undefined;
        body?: string;
        isBase64Encoded?: boolean;
        userId?: string;
        route?: 'things' | 'others' | 'plain';
        requestId?: string;
      } = {},
    ) => {
      const {
        key,
        body = '{"a":1}',
        isBase64Encoded = false,
        userId = `user-${prefix}`,
        requestId = 'r',
      } = given;
      const target = { things: route, others: other, plain }[given.route ?? 'things'];
      const headers = key === undefined ? {} : { 'idempotency-key': key };
      return handler(eventOf(target, { headers, body, isBase64Encoded, userId, requestId }));
    },
    records: async () => {
      const answer = await table.client.send(
        new ScanCommand({
          TableName: table.tableName,
          FilterExpression: 'pk = :kind',
          ExpressionAttributeValues: { ':kind': kind },
        }),
      );
      return answer.Items ?? [];
    },
  };
}

describe('a creation with an Idempotency-Key', () => {
  let api: ReturnType<typeof subject>;
  beforeEach(() => {
    api = subject();
  });

  it('the same key and body has the first answer to the byte, however often, with its own request id', async () => {
    const first = await api.call({ key: 'k', requestId: 'first' });
    expect(first.statusCode).toBe(201);
    api.clock.now += 23 * HOUR;
    const again = await api.call({ key: 'k', requestId: 'again' });
    expect(again).toEqual({ ...first, headers: { ...first.headers, 'x-request-id': 'again' } });
    expect(api.state.runs).toBe(1);
    expect((await api.records()).length).toBe(1);
  });

  it('the same bytes in base64 are the same body', async () => {
    const first = await api.call({ key: 'k' });
    const body = Buffer.from('{"a":1}').toString('base64');
    expect((await api.call({ key: 'k', body, isBase64Encoded: true })).body).toBe(first.body);
  });

  const others: [what: string, call: Parameters<typeof api.call>[0], status: number, records: number][] = [
    ['another body', { key: 'k', body: '{"a":2}' }, 409, 1],
    ['another route', { key: 'k', route: 'others' }, 409, 1],
    ['another key', { key: 'K' }, 201, 2],
    ["another user's same key", { key: 'k', userId: 'somebody' }, 201, 2],
    ['no key', {}, 201, 2],
    ['a route that is no creation', { key: 'k', route: 'plain' }, 201, 2],
  ];
  for (const [what, call, status, records] of others) {
    it(`after a first one, ${what} → ${status}, ${records} records`, async () => {
      await api.call({ key: 'k' });
      expect((await api.call(call)).statusCode).toBe(status);
      expect((await api.records()).length).toBe(records);
    });
  }

  it("a user's name that ends in what looks like a key is another user", async () => {
    const first = await api.call({ userId: 'a', key: 'b#c' });
    const second = await api.call({ userId: 'a#b', key: 'c' });
    expect(second.body).not.toBe(first.body);
    expect(api.state.runs).toBe(2);
  });

  const keys: [key: string, status: number][] = [
    ['a'.repeat(255), 201],
    ['with space ~!', 201],
    ['a'.repeat(256), 400],
    ['', 400],
    ['ключ', 400],
    ['a\tb', 400],
  ];
  for (const [key, status] of keys) {
    it(`a key of ${key.length} characters ${JSON.stringify(key.slice(0, 15))} → ${status}`, async () => {
      const answer = await api.call({ key });
      expect(answer.statusCode).toBe(status);
      expect(answer.body?.includes('idempotency-key')).toBe(status === 400);
      expect(api.state.runs).toBe(status === 201 ? 1 : 0);
    });
  }

  it('after a day the key is free again, though the item is still there', async () => {
    const first = await api.call({ key: 'k' });
    api.clock.now += 24 * HOUR;
    const second = await api.call({ key: 'k', body: '{"a":2}' });
    expect(second.statusCode).toBe(201);
    expect(second.body).not.toBe(first.body);
    // And the new one is kept from now on.
    expect((await api.call({ key: 'k', body: '{"a":2}' })).body).toBe(second.body);
  });

  it('of twenty at once one runs; the others are told to come again, and then have its answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.call({ key: 'k' })));
    const [made, ...more] = answers.filter(({ statusCode }) => statusCode === 201);
    for (const answer of answers.filter(({ statusCode }) => statusCode !== 201)) {
      expect([answer.statusCode, answer.headers?.['retry-after']]).toEqual([409, '1']);
    }
    for (const answer of more) expect(answer.body).toBe(made?.body);
    expect((await api.call({ key: 'k' })).body).toBe(made?.body);
    expect((await api.records()).length).toBe(1);
    expect(api.state.runs).toBe(1);
  });

  it('a refused one is forgotten: the key is free for what is right', async () => {
    api.turns.push({ before: () => Promise.reject(new NotFound('no rig')) });
    expect((await api.call({ key: 'k' })).statusCode).toBe(404);
    expect((await api.call({ key: 'k', body: '{"a":2}' })).statusCode).toBe(201);
  });

  it.each([
    ['an unknown error', new Error('boom'), 500],
    ['a database that is busy', new Unavailable('busy'), 503],
  ])(
    '%s after the record was written: the next try may begin at once, and finds it',
    async (_, error, status) => {
      api.turns.push({ after: () => Promise.reject(error) });
      expect((await api.call({ key: 'k' })).statusCode).toBe(status);
      api.clock.now += 5 * SECOND;
      const again = await api.call({ key: 'k' });
      expect(again.statusCode).toBe(201);
      expect(JSON.parse(again.body ?? '')).toMatchObject({ note: 'run 1' });
      expect((await api.records()).length).toBe(1);
    },
  );

  /** A function that dies does not answer, and does not give its key back. */
  const dies = (): Promise<void> => new Promise(() => undefined);

  it('a maker that died with its record written is taken over after 60 s with the same ids', async () => {
    api.turns.push({ after: dies });
    void api.call({ key: 'k' });
    await expect.poll(() => api.records()).toHaveLength(1);
    api.clock.now += 59 * SECOND;
    expect((await api.call({ key: 'k' })).statusCode).toBe(409);
    api.clock.now += SECOND;
    const again = await api.call({ key: 'k' });
    expect(JSON.parse(again.body ?? '')).toMatchObject({ note: 'run 1' });
    expect((await api.records()).length).toBe(1);
    expect((await api.call({ key: 'k' })).body).toBe(again.body);
  });

  it('of ten that find a dead maker, one takes over', async () => {
    api.turns.push({ after: dies });
    void api.call({ key: 'k' });
    await expect.poll(() => api.records()).toHaveLength(1);
    api.clock.now += 61 * SECOND;
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.call({ key: 'k' })));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([201, 409]));
    expect(api.state.runs).toBe(2);
    expect((await api.records()).length).toBe(1);
  });

  it('a maker that was only slow and ends after it was taken over changes nothing of what is kept', async () => {
    let wake = (): void => undefined;
    api.turns.push({ after: () => new Promise((resolve) => (wake = resolve)) });
    const slow = api.call({ key: 'k' });
    await expect.poll(() => api.records()).toHaveLength(1);
    api.clock.now += 61 * SECOND;
    api.turns.push({ after: () => Promise.resolve() });
    const second = await api.call({ key: 'k' });
    wake();
    expect((await slow).statusCode).toBe(201);
    expect((await api.call({ key: 'k' })).body).toBe(second.body);
    expect((await api.records()).length).toBe(1);
  });

  it('one that is refused after an earlier try died keeps its ids: what that try wrote is not made twice', async () => {
    api.turns.push({ after: dies });
    void api.call({ key: 'k' });
    await expect.poll(() => api.records()).toHaveLength(1);
    api.clock.now += 61 * SECOND;
    api.turns.push({ before: () => Promise.reject(new NotFound('not just now')) });
    expect((await api.call({ key: 'k' })).statusCode).toBe(404);
    expect((await api.call({ key: 'k' })).statusCode).toBe(201);
    expect((await api.records()).length).toBe(1);
  });

  it('an answer that is too large to keep is made again from the record that is there', async () => {
    api.state.bodyBytes = 351 * 1024;
    const first = await api.call({ key: 'k' });
    const again = await api.call({ key: 'k' });
    expect(again.statusCode).toBe(201);
    expect(again.body).toBe(first.body);
    expect(api.state.runs).toBe(2);
    expect((await api.records()).length).toBe(1);
    expect((await api.call({ key: 'k', body: '{}' })).statusCode).toBe(409);
    const Key = { pk: `IDEMPOTENCY#user-${prefix}#k`, sk: 'IDEMPOTENCY' };
    const { Item } = await table.client.send(new GetCommand({ TableName: table.tableName, Key }));
    expect(Item).toMatchObject({ state: 'done' });
    expect(Item).not.toHaveProperty('answer');
  });

  it('nothing of the request itself is kept, only its hash', async () => {
    await api.call({ key: 'k', body: '{"secret":"sk-00000000"}' });
    const { Items } = await table.client.send(new ScanCommand({ TableName: table.tableName }));
    expect(JSON.stringify(Items)).not.toContain('sk-00000000');
  });
});
