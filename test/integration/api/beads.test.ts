import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, idOf, listed } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';

describe('beads and convoys', () => {
  let fixture: Fixture;
  let token: string;
  let path: string;
  let rigId: string;
  let townId: string;

  beforeAll(async () => {
    fixture = await startFixture();
    ({ token, path, rigId, townId } = await fixture.town('owner', { container: { sleepAfterMinutes: 1 } }));
  });
  afterAll(() => fixture.close());

  const post = (route: string, body?: unknown) => fixture.call('POST', `${path}${route}`, { token, body });
  const get = (route: string) => fixture.call('GET', `${path}${route}`, { token });
  const idsOf = async (filter: string) =>
    listed.parse((await get(`/beads?${filter}`)).body).items.map((bead) => bead['id']);
  const held = async (title: string, over: object = {}) =>
    idOf(await post('/beads', { rigId, title, held: true, ...over }));
  const end = async (beadId: string, as: 'closed' | 'failed') => {
    const answer = await post(`/beads/${beadId}/cancel`, { as, reason: 'test' });
    expect(answer).toMatchObject({ status: 202, body: { id: beadId, status: 'open' } });
    await fixture.reconcile(townId);
  };
  const unchanged = async (act: () => Promise<void>) => {
    const before = await fixture.items();
    await act();
    expect(await fixture.items()).toEqual(before);
  };

  it('a bead is created, read with its body, started by a statement, cancelled, and is final then', async () => {
    const made = await post('/beads', {
      rigId,
      title: '  a bead  ',
      body: 'what to do',
      priority: 'high',
      labels: ['a'],
      held: true,
      metadata: { deep: { list: [1, null, 'x', { __proto__: 'kept' }] } },
    });
    expect(made).toMatchObject({ status: 201, body: { title: 'a bead', status: 'open', held: true } });
    const id = idOf(made);
    expect((await get(`/beads/${id}`)).body).toEqual(made.body);
    const { body: listedBeads } = await get('/beads?status=open');
    const [found] = listed.parse(listedBeads).items.filter((bead) => bead['id'] === id);
    expect(found).toMatchObject({ title: 'a bead', labels: ['a'], priority: 'high' });
    expect(found).not.toHaveProperty('body');
    const filters = ['status=open', 'type=issue', `rigId=${rigId}`, 'label=a'];
    for (const filter of filters) expect([filter, ...(await idsOf(filter))]).toContain(id);
    const others = ['status=closed', 'rigId=x', 'convoyId=x', 'agentId=x', 'label=b', 'label=a&rigId=x'];
    for (const filter of others) expect([filter, ...(await idsOf(filter))]).not.toContain(id);

    expect((await get(`/why?beadId=${id}`)).body).toMatchObject({
      items: [{ subject: { kind: 'bead', id, title: 'a bead' }, waitingOn: 'start', who: 'human' }],
    });
    expect(await post(`/beads/${id}/start`)).toMatchObject({ status: 202, body: { id, held: true } });
    expect((await fixture.live(townId)).inbox).toMatchObject([
      { statement: { type: 'bead_started', beadId: id, by: 'owner' } },
    ]);
    await fixture.reconcile(townId);
    expect((await get(`/beads/${id}`)).body).toMatchObject({ held: false });
    await unchanged(async () => expect(codeOf(await post(`/beads/${id}/start`))).toBe('409 conflict'));

    const cancelled = await post(`/beads/${id}/cancel`, { as: 'failed', reason: 'no longer wanted' });
    expect(cancelled.status).toBe(202);
    await fixture.reconcile(townId);
    expect((await get(`/beads/${id}`)).body).toMatchObject({ status: 'failed', body: 'what to do' });
    await unchanged(async () => {
      expect(codeOf(await post(`/beads/${id}/start`))).toBe('409 conflict');
      expect(codeOf(await post(`/beads/${id}/cancel`, { as: 'closed' }))).toBe('409 conflict');
    });
  });

  it('a dependency is looked up: missing is 404, ended is taken with its outcome, the 51st dependent is refused', async () => {
    const [closed, failed, open] = [await held('closes'), await held('fails'), await held('stays')];
    await end(closed, 'closed');
    await end(failed, 'failed');
    const made = await post('/beads', {
      rigId,
      title: 'waits',
      held: true,
      dependsOn: [open, closed, failed, open],
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        dependsOn: [
          { id: open, outcome: 'open' },
          { id: closed, outcome: 'closed' },
          { id: failed, outcome: 'failed' },
        ],
      },
    });
    await unchanged(async () => {
      const missing = { rigId, title: 'x', dependsOn: ['no-such-bead'] };
      expect(codeOf(await post('/beads', missing))).toBe('404 not_found');
      expect(codeOf(await post('/beads', { rigId: 'no-such-rig', title: 'x' }))).toBe('404 not_found');
      const convoy = { rigId: 'no-such-rig', title: 'x', tasks: [{ title: 'y' }] };
      expect(codeOf(await post('/convoys', convoy))).toBe('404 not_found');
    });
    const other = await fixture.town('owner');
    const foreign = idOf(
      await fixture.call('POST', `${other.path}/beads`, {
        token,
        body: { rigId: other.rigId, title: 'elsewhere', held: true },
      }),
    );
    await unchanged(async () => {
      const body = { rigId, title: 'x', dependsOn: [foreign] };
      expect(codeOf(await post('/beads', body))).toBe('404 not_found');
      expect(codeOf(await post('/beads', { rigId: other.rigId, title: 'x' }))).toBe('404 not_found');
      expect(codeOf(await get(`/beads/${foreign}`))).toBe('404 not_found');
    });

    for (let count = 1; count < 50; count += 1) await held(`dependent ${count}`, { dependsOn: [open] });
    await unchanged(async () => {
      const body = { rigId, title: 'one too many', dependsOn: [open] };
      expect(codeOf(await post('/beads', body))).toBe('409 conflict');
    });
    await end(open, 'closed');
    const late = await post('/beads', { rigId, title: 'late', held: true, dependsOn: [open] });
    expect(late).toMatchObject({ status: 201, body: { dependsOn: [{ id: open, outcome: 'closed' }] } });
  });

  it('a convoy is created whole, starts once when staged, and is final when it has ended', async () => {
    const made = await post('/convoys', {
      rigId,
      title: 'a convoy',
      staged: true,
      mergeMode: 'review-and-merge',
      tasks: [
        { title: 'one', body: 'first' },
        { title: 'two', dependsOn: [0, 0] },
        { title: 'three', dependsOn: [1] },
      ],
    });
    expect(made).toMatchObject({ status: 201, body: { state: 'staged', mergeMode: 'review-and-merge' } });
    const id = idOf(made);
    const { items: beads } = listed
      .extend({ nextCursor: listed.shape.nextCursor.optional() })
      .parse(made.body);
    expect(beads.map(({ title, dependsOn }) => [title, dependsOn])).toEqual([
      ['one', []],
      ['two', [{ id: beads[0]?.['id'], outcome: 'open' }]],
      ['three', [{ id: beads[1]?.['id'], outcome: 'open' }]],
    ]);
    expect((await get(`/beads/${String(beads[0]?.['id'])}`)).body).toMatchObject({ body: 'first' });
    const ofConvoy = await get(`/beads?convoyId=${id}`);
    expect(listed.parse(ofConvoy.body).items.length).toBe(3);

    // Nobody is dispatched before it starts.
    await fixture.reconcile(townId);
    expect((await get(`/convoys/${id}`)).body).toMatchObject({ state: 'staged' });
    expect((await post(`/convoys/${id}/start`)).status).toBe(202);
    await fixture.reconcile(townId);
    expect((await get(`/convoys/${id}`)).body).toMatchObject({ state: 'active' });
    await unchanged(async () => expect(codeOf(await post(`/convoys/${id}/start`))).toBe('409 conflict'));
    const active = idOf(
      await post('/convoys', { rigId, title: 'at once', staged: false, tasks: [{ title: 'go' }] }),
    );
    await unchanged(async () => expect(codeOf(await post(`/convoys/${active}/start`))).toBe('409 conflict'));

    for (const bead of beads) await post(`/beads/${String(bead['id'])}/cancel`, { as: 'closed' });
    await fixture.reconcile(townId);
    expect((await get(`/convoys/${id}`)).body).toMatchObject({ state: 'landed' });
    await unchanged(async () => expect(codeOf(await post(`/convoys/${id}/start`))).toBe('409 conflict'));
    const { body: all } = await get('/convoys');
    expect(listed.parse(all).items.map((convoy) => convoy['id'])).toContain(id);
  });

  it('status, why, events, agents, rigs and the merge queue show the town', async () => {
    await fixture.reconcile(townId);
    const status = await get('/status');
    expect(status.body).toMatchObject({
      lifecycle: 'active',
      container: { state: 'starting', epoch: 1 },
      beads: { inReview: 0 },
    });
    expect(listed.parse((await get('/rigs')).body).items).toMatchObject([{ id: rigId, name: 'rig' }]);
    const agents = listed.parse((await get('/agents')).body).items;
    expect(agents.map((agent) => agent['status'])).toContain('working');
    expect((await get('/merge-queue')).body).toEqual({ items: [], nextCursor: null });
    const events = listed.parse((await get('/events?limit=3')).body).items;
    expect(events[0]).toMatchObject({ rule: expect.any(String), reason: expect.any(String) });
    expect(Date.parse(String(events[0]?.['at']))).toBeGreaterThan(0);
    const town = await fixture.call('GET', path, { token });
    expect(town.body).toMatchObject({ id: townId, name: 'town', lifecycle: 'active' });
    // Nothing of the storage or of the owner's identity is shown.
    expect(JSON.stringify(town.body)).not.toMatch(/pk|LIVE#|version|owner/);
  });
});

describe('long lists', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  it('pages hold every bead once, live and ended ones, while others are created', async () => {
    const { token, path, rigId, townId } = await fixture.town('owner');
    const titles: string[] = [];
    for (let convoy = 0; convoy < 3; convoy += 1) {
      const tasks = Array.from({ length: 25 }, (_, index) => ({ title: `${convoy}-${index}` }));
      const body = { rigId, title: `convoy ${convoy}`, staged: true, tasks };
      const made = await fixture.call('POST', `${path}/convoys`, { token, body });
      titles.push(...tasks.map(({ title }) => title));
      const { items } = made.body as { items: { id: string }[] };
      const first = items[0]?.id ?? '';
      await fixture.call('POST', `${path}/beads/${first}/cancel`, { token, body: { as: 'closed' } });
    }
    await fixture.reconcile(townId);
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 20; page += 1) {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const answer = await fixture.call('GET', `${path}/beads?limit=20${query}`, { token });
      const { items, nextCursor } = listed.parse(answer.body);
      expect(items.length).toBeLessThanOrEqual(20);
      seen.push(...items.map((bead) => String(bead['title'])));
      cursor = nextCursor;
      if (cursor === null) break;
    }
    expect(seen.sort()).toEqual(titles.sort());
    const all = await fixture.call('GET', `${path}/beads`, { token });
    expect(listed.parse(all.body).items.length).toBe(50);
    expect(listed.parse(all.body).nextCursor).not.toBeNull();
  });
});
