import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, idOf } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

describe('DELETE …/rigs/{rigId}', () => {
  it('takes a rig without work out of the town; what is gone has ended', async () => {
    const { token, townId, rigId, path } = await fixture.town('ann');
    const remove = (query = '') => fixture.call('DELETE', `${path}/rigs/${rigId}${query}`, { token });
    expect(await remove()).toMatchObject({ status: 202, body: { id: rigId } });
    await fixture.reconcile(townId);
    expect((await fixture.live(townId)).live.rig.size).toBe(0);
    expect(codeOf(await remove('?force=true'))).toBe('409 conflict');
  });

  it('says what is unfinished in it, and ends that only when it is told to', async () => {
    const { token, townId, rigId, path } = await fixture.town('ben');
    const post = (route: string, body: object) => fixture.call('POST', `${path}${route}`, { token, body });
    const remove = (query = '') => fixture.call('DELETE', `${path}/rigs/${rigId}${query}`, { token });
    const tasks = [{ title: 'one' }, { title: 'two', dependsOn: [0] }];
    idOf(await post('/convoys', { rigId, title: 'two', tasks }));
    await post('/beads', { rigId, title: 'alone' });
    await fixture.reconcile(townId);
    const refused = await remove();
    expect([codeOf(refused), refused.body]).toEqual([
      '409 conflict',
      expect.objectContaining({
        detail: expect.stringMatching(/3 beads, 1 convoy\..*`\?force=true`.*--force/),
      }),
    ]);
    expect(codeOf(await remove('?force=false'))).toBe('409 conflict');
    expect(codeOf(await remove('?force=yes'))).toBe('400 invalid_input');
    expect((await fixture.live(townId)).inbox).toEqual([]);

    expect((await remove('?force=true')).status).toBe(202);
    await fixture.reconcile(townId);
    const { live } = await fixture.live(townId);
    expect([live.rig, live.bead, live.convoy, live.mergeRequest, live.agent].map(({ size }) => size)).toEqual(
      [0, 0, 0, 0, 0],
    );
    expect(codeOf(await post('/beads', { rigId, title: 'late' }))).toBe('404 not_found');
  });

  it('while a rig is being removed it takes no new work, says so, and to remove it again is nothing new', async () => {
    const { token, townId, rigId, path } = await fixture.town('cem');
    const post = (route: string, body: object = {}) =>
      fixture.call('POST', `${path}${route}`, { token, body });
    const other = idOf(await post('/rigs', { name: 'other', gitUrl: '/srv/git/other.git' }));
    const beadId = idOf(await post('/beads', { rigId, title: 'ended' }));
    await post(`/beads/${beadId}/cancel`, { as: 'failed' });
    await fixture.reconcile(townId);
    // As it stands between two steps of a removal.
    const town = await fixture.live(townId);
    const before = town.live.rig.get(rigId);
    if (before === undefined) throw new Error('no rig');
    const record = { ...before, rev: 2, removing: { by: 'cem', at: fixture.now() } };
    const change = { op: 'update', kind: 'rig', before, record } as const;
    const edit = { rule: 'api/rig', subject: { kind: 'rig', id: rigId }, reason: 'x', by: 'cem' } as const;
    await fixture.store.edit(town, { ...edit, changes: [change] }, fixture.now());

    const refusals = [
      await post('/beads', { rigId, title: 'new' }),
      await post('/beads', { rigId, title: 'new', dependsOn: [] }),
      await post('/convoys', { rigId, title: 'new', tasks: [{ title: 'one' }] }),
      await post(`/beads/${beadId}/reopen`),
    ];
    for (const answer of refusals)
      expect([codeOf(answer), answer.body]).toEqual([
        '409 conflict',
        expect.objectContaining({ detail: expect.stringContaining('being removed') }),
      ]);
    expect((await post('/beads', { rigId: other, title: 'elsewhere' })).status).toBe(201);
    const shown = await fixture.call('GET', `${path}/rigs/${rigId}`, { token });
    expect(shown.body).toMatchObject({ removingSince: new Date(record.removing.at).toISOString() });
    expect((await fixture.call('DELETE', `${path}/rigs/${rigId}`, { token })).status).toBe(202);
    expect((await fixture.live(townId)).inbox).toEqual([]);
    await fixture.reconcile(townId);
    expect([...(await fixture.live(townId)).live.rig.keys()]).toEqual([other]);
  });
});
