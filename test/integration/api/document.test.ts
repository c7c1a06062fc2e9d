import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContractCheck } from './contract.ts';
import { startFixture, type Fixture } from './fixture.ts';

describe('the document that is served', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  it('needs no token, is the same every time, and has every route of users', async () => {
    const first = await fixture.call('GET', '/v1/openapi.json');
    expect(first).toMatchObject({ status: 200, body: { openapi: '3.1.0', info: { version: '1.2.3' } } });
    expect((await fixture.call('GET', '/v1/openapi.json')).body).toEqual(first.body);
    const { paths } = first.body as { paths: Record<string, Record<string, unknown>> };
    const routes = fixture.http.flatMap(({ routes: table }) => table);
    const isFor = (auth: string) => routes.filter((route) => route.auth === auth);
    for (const { method, path } of isFor('user')) expect(paths[path]).toHaveProperty(method.toLowerCase());
    for (const { path } of [...isFor('container'), ...isFor('agent')])
      expect(paths).not.toHaveProperty([path]);
    expect(Object.keys(paths)).not.toContain('/v1/container/bootstrap');
  });

  it('would find out an answer that is not in it: the check over every answer of these tests works', async () => {
    const check = createContractCheck(fixture.http.flatMap(({ routes }) => routes));
    const { token, path } = await fixture.town('owner');
    const town = await fixture.call('GET', path, { token });
    check('GET', path, town);
    const body = town.body as object;
    const rows: readonly [string, Partial<typeof town>, RegExp][] = [
      ['a field too many', { body: { ...body, version: 3 } }, /additional properties/],
      ['a field too few', { body: { ...body, createdAt: undefined } }, /createdAt/],
      ['a time that is none', { body: { ...body, createdAt: 'yesterday' } }, /date-time/],
      ['a status that it has not', { status: 202 }, /is in the document/],
      ['another type', { headers: new Headers({ 'content-type': 'text/plain' }) }, /is in the document/],
      ['a problem without a code', { status: 404, body: { title: 'Not found' } }, /is in the document/],
    ];
    for (const [what, change, said] of rows) {
      expect(() => check('GET', path, { ...town, ...change }), `it sees ${what}`).toThrow(said);
    }
    expect(() => check('GET', '/v1/nothing', town)).toThrow('must have required property');
  });
});
