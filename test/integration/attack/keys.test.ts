import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../lambdas/http/route.ts';
import { keyOf, problemOf, startApi, type Api, type WireAnswer } from './api.ts';
import { populatedTown, type PopulatedTown } from './populated-town.ts';
import { exampleBody, fill } from './requests.ts';

const AT_ONCE = 20;

/** `Idempotency-Key` on every creation of the table. */
describe('keys of creations', () => {
  let api: Api;
  let town: PopulatedTown;
  let count = 0;
  beforeAll(async () => {
    api = await startApi();
    town = await populatedTown(api, 'owner');
  });
  afterAll(() => api.close());

  const creations = () => api.routes.filter(({ isCreation }) => isCreation);
  /** A body that was not sent before, as far as the route has words for that. */
  const freshBody = (route: Route): string => {
    count += 1;
    const body = exampleBody(route, town.ids) ?? {};
    const renamed = ['name', 'title', 'message'].filter((field) => field in body);
    return JSON.stringify({ ...body, ...Object.fromEntries(renamed.map((field) => [field, `a ${count}`])) });
  };
  const send = (route: Route, key: string, body: string, token = town.token): Promise<WireAnswer> =>
    api.send({
      method: route.method,
      path: fill(route.path, town.ids),
      token,
      body,
      headers: [
        ['content-type', 'application/json'],
        ['idempotency-key', key],
      ],
    });
  /** How many items a request adds. */
  const added = async (request: () => Promise<void>): Promise<number> => {
    const before = await api.stored();
    await request();
    return (await api.stored()).length - before.length;
  };

  it('the same request again is answered to the byte, and writes nothing', async () => {
    expect(creations().length).toBeGreaterThan(5);
    for (const route of creations()) {
      const body = freshBody(route);
      const key = `again ${route.operationId}`;
      const first = await send(route, key, body);
      expect(`${keyOf(route)} ${first.status}`).toBe(`${keyOf(route)} ${route.spec?.answer.status}`);
      const before = await api.stored();
      for (let time = 0; time < 3; time += 1) {
        const { status, text } = await send(route, key, body);
        expect({ status, text }).toEqual({ status: first.status, text: first.text });
      }
      expect(await api.stored()).toEqual(before);
    }
  });

  it('another body or another route under the same key is a conflict, and writes nothing', async () => {
    for (const route of creations()) {
      const key = `other ${route.operationId}`;
      await send(route, key, freshBody(route));
      const before = await api.stored();
      const others = creations().filter((other) => other !== route);
      for (const other of freshBody(route) === freshBody(route) ? others : [route, ...others]) {
        const answer = await send(other, key, freshBody(other));
        const said = `${key} at ${keyOf(other)}`;
        expect(`${said}: ${problemOf(answer).code}`).toBe(`${said}: conflict`);
      }
      expect(await api.stored()).toEqual(before);
    }
  });

  it(`${AT_ONCE} at once make one record; who is turned away is told to come again`, async () => {
    for (const route of creations()) {
      const one = await added(async () => {
        expect((await send(route, `one ${route.operationId}`, freshBody(route))).status).toBeLessThan(300);
      });
      const body = freshBody(route);
      const key = `many ${route.operationId}`;
      const many = await added(async () => {
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => send(route, key, body)));
        const made = answers.filter(({ status }) => status < 300);
        expect(new Set(made.map(({ text }) => text)).size, `${keyOf(route)}: one answer`).toBe(1);
        for (const answer of answers.filter(({ status }) => status >= 300)) {
          expect(`${keyOf(route)} ${problemOf(answer).code}`).toBe(`${keyOf(route)} conflict`);
          expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        }
        expect((await send(route, key, body)).text).toBe(made[0]?.text);
      });
      expect(`${keyOf(route)} ${many}`).toBe(`${keyOf(route)} ${one}`);
    }
  }, 30_000);

  it('a key is one of its user: somebody else makes something of their own with it', async () => {
    const stranger = await api.token('stranger');
    const route = api.routes.find(({ operationId }) => operationId === 'createTown');
    if (route === undefined) throw new Error('no towns are created');
    const body = freshBody(route);
    const mine = await send(route, 'shared', body);
    const theirs = await send(route, 'shared', body, stranger);
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(mine.text).not.toBe(theirs.text);
  });

  it('a refused request leaves its key free, and a text that is no key is refused', async () => {
    for (const route of creations()) {
      const wrong = JSON.stringify({ unknown: 1 });
      const key = `refused ${route.operationId}`;
      expect(problemOf(await send(route, key, wrong)).code).toBe('invalid_input');
      expect((await send(route, key, freshBody(route))).status).toBeLessThan(300);
      for (const none of ['', 'x'.repeat(256), 'schlüssel']) {
        const answer = await send(route, none, freshBody(route));
        expect(problemOf(answer).issues?.map(({ path }) => path)).toEqual(['idempotency-key']);
      }
    }
  });
});
