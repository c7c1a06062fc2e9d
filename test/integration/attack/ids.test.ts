import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listed } from '../api/client.ts';
import { expectRefusal, keyOf, problemOf, startApi, type Api } from './api.ts';
import { populatedTown, type PopulatedTown } from './populated-town.ts';
import { exampleBody, fill, paramsIn, requiredQuery } from './requests.ts';

/** As they stand in a path: nothing is there, and nothing else is reached. */
const NOWHERE: readonly (readonly [what: string, id: string])[] = [
  ['too long', 'x'.repeat(129)],
  ['far too long', 'x'.repeat(2000)],
  ['with a slash', 'a%2Fb'],
  ['with a way up', '..%2F..%2Fhealth'],
  ['with a backslash', '..%5C..'],
  ['escaped twice', '%252e%252e%252f'],
  ['like a key', 'LIVE%23BEAD%23x'],
  ['like the key of the head', '%21HEAD'],
  ['like a part of a key', '%23'],
  ['a NUL', '%00'],
  ['not UTF-8', '%ff'],
  ['badly escaped', '%zz'],
  ['a line break', 'a%0d%0aset-cookie:%20a=b'],
  ['a pattern', '*'],
  ['a query', 'a%3Flimit=1'],
  ['a fragment', 'a%23b'],
  ['a space', '%20'],
  ['a prototype', '__proto__'],
  ['a constructor', 'constructor'],
  ['a placeholder', '%7BtownId%7D'],
  ['null', 'null'],
  ['markup', '%3Cscript%3Ealert(1)%3C%2Fscript%3E'],
  ['any script', '%F0%9F%9B%92'],
];

describe('ids in paths and bodies', () => {
  let api: Api;
  let town: PopulatedTown;
  /** Of the same user: whatever is not kept apart by the town is found. */
  let other: PopulatedTown;
  beforeAll(async () => {
    api = await startApi();
    town = await populatedTown(api, 'owner');
    other = await populatedTown(api, 'owner');
  });
  afterAll(() => api.close());

  it('what is no id of anything is not found on any route, in any place, and nothing is written', async () => {
    const before = await api.stored();
    for (const route of api.routes) {
      for (const param of paramsIn(route.path)) {
        const good: string = (town.ids as Record<string, string>)[param] ?? '';
        const nearly = [
          ['its own id and a space', `${good}%20`],
          ['its own id and a NUL', `${good}%00`],
          ['its own id in capitals', good.toUpperCase()],
          ['its own id cut off', good.slice(0, -1)],
          ['its own id and a slash', `${good}%2F`],
        ] as const;
        for (const [what, id] of [...NOWHERE, ...nearly]) {
          const body = exampleBody(route, town.ids);
          const answer = await api.send({
            method: route.method,
            path: fill(route.path, { ...town.ids, [param]: id }) + requiredQuery(route),
            token: town.token,
            ...(body && { body: JSON.stringify(body), headers: [['content-type', 'application/json']] }),
          });
          const said = `${keyOf(route)} ${param} ${what}`;
          expect(`${said}: ${problemOf(answer).code}`).toBe(`${said}: not_found`);
          expect(answer.headers['set-cookie']).toBeUndefined();
        }
      }
    }
    expect(await api.stored()).toEqual(before);
  }, 60_000);

  it("things of one's other town are not in this one", async () => {
    const before = await api.stored();
    for (const route of api.routes) {
      for (const param of paramsIn(route.path)) {
        // These are in no town.
        if (['townId', 'importId', 'integrationId'].includes(param)) continue;
        const ids = { ...town.ids, [param]: (other.ids as Record<string, string>)[param] ?? '' };
        const answer = await api.call(route.method, fill(route.path, ids) + requiredQuery(route), {
          token: town.token,
          body: exampleBody(route, town.ids),
        });
        expectRefusal(`${keyOf(route)} ${param}`, answer, '404 not_found');
      }
    }
    expect(await api.stored()).toEqual(before);
  });

  it("a body cannot name things of one's other town either", async () => {
    const { path, ids, token } = town;
    const { rigId, beadId, convoyId } = ids;
    const theirs = other.ids;
    const bead = { rigId, title: 'a', held: true };
    const convoy = { rigId, title: 'a', tasks: [{ title: 'a' }] };
    const rows: readonly (readonly [method: string, path: string, body: object])[] = [
      ['POST', '/beads', { ...bead, rigId: theirs.rigId }],
      ['POST', '/beads', { ...bead, dependsOn: [theirs.beadId] }],
      ['POST', '/beads', { ...bead, dependsOn: [beadId, theirs.beadId] }],
      ['PATCH', `/beads/${beadId}`, { dependsOn: [theirs.beadId] }],
      ['POST', '/convoys', { ...convoy, rigId: theirs.rigId }],
      ['POST', `/convoys/${convoyId}/beads`, { beadId: theirs.beadId }],
      ['POST', '/stream-tickets', { topic: 'agent', agentId: theirs.agentId }],
      ['POST', '/stream-tickets', { topic: 'terminal', agentId: theirs.agentId }],
      ['POST', '/beads', { ...bead, rigId: `BEAD#${beadId}` }],
      ['POST', '/beads', { ...bead, dependsOn: [rigId] }],
      ['POST', '/beads', { ...bead, dependsOn: ['../x'] }],
    ];
    const before = await api.stored();
    for (const [method, to, body] of rows) {
      const answer = await api.call(method, path + to, { token, body });
      expectRefusal(`${method} ${to} ${JSON.stringify(body)}`, answer, '404 not_found');
    }
    const stranger = { beadId, dependsOn: [theirs.beadId] };
    const joined = await api.call('POST', `${path}/convoys/${convoyId}/beads`, { token, body: stranger });
    expectRefusal('a stranger to wait for', joined, '409 conflict');
    expect(await api.stored()).toEqual(before);
  });

  it("a filter by an id of one's other town finds nothing", async () => {
    const { rigId, beadId, convoyId, agentId } = other.ids;
    for (const query of [
      `beads?rigId=${rigId}`,
      `beads?convoyId=${convoyId}`,
      `beads?agentId=${agentId}`,
      `merge-queue?rigId=${rigId}`,
      `why?beadId=${beadId}`,
    ]) {
      const answer = await api.call('GET', `${town.path}/${query}`, { token: town.token });
      expect(listed.pick({ items: true }).parse(answer.body).items, `${query} finds nothing`).toEqual([]);
    }
  });

  it('an organisation of which one is no member takes no town', async () => {
    const before = await api.stored();
    for (const orgId of ['acme', 'org/acme', 'owner', 'OWNER#owner']) {
      const answer = await api.call('POST', '/v1/towns', { token: town.token, body: { name: 'a', orgId } });
      expectRefusal(orgId, answer, '400 invalid_input');
    }
    expect(await api.stored()).toEqual(before);
  });
});
