import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, expectProblem, idOf, listed } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';

describe('lists', () => {
  let fixture: Fixture;
  let town: Awaited<ReturnType<Fixture['town']>>;

  beforeAll(async () => {
    fixture = await startFixture();
    town = await fixture.town('owner');
    const body = { rigId: town.rigId, title: 'held', held: true };
    for (let count = 0; count < 4; count += 1) {
      const beadId = idOf(await fixture.call('POST', `${town.path}/beads`, { token: town.token, body }));
      const path = `${town.path}/beads/${beadId}/cancel`;
      if (count < 2) await fixture.call('POST', path, { token: town.token, body: { as: 'closed' } });
    }
    const tasks = [{ title: 'one' }, { title: 'two' }];
    const convoy = { rigId: town.rigId, title: 'convoy', staged: false, tasks };
    await fixture.call('POST', `${town.path}/convoys`, { token: town.token, body: convoy });
    await fixture.reconcile(town.townId);
  });
  afterAll(() => fixture.close());

  const get = (path: string, token = town.token) => fixture.call('GET', path, { token });
  const cursorOf = async (path: string, token = town.token): Promise<string> => {
    const { nextCursor } = listed.parse((await get(`${path}?limit=1`, token)).body);
    if (nextCursor === null) throw new Error(`${path} has one page only`);
    return encodeURIComponent(nextCursor);
  };

  /** All pages of a list, from its first to its last. */
  const pages = async (path: string, limit: number): Promise<Record<string, unknown>[][]> => {
    const found: Record<string, unknown>[][] = [];
    let query = `?limit=${limit}`;
    for (let page = 0; page < 100; page += 1) {
      const { items, nextCursor } = listed.parse((await get(`${path}${query}`)).body);
      found.push(items);
      if (nextCursor === null) return found;
      query = `?limit=${limit}&cursor=${encodeURIComponent(nextCursor)}`;
    }
    throw new Error(`${path} does not end`);
  };

  it('pages of any size hold every record and every event once, in one order', async () => {
    for (const list of ['beads', 'events']) {
      const whole = (await pages(`${town.path}/${list}`, 200)).flat();
      expect(whole.length).toBeGreaterThan(4);
      for (const limit of [1, 2, 3, 5]) {
        const found = await pages(`${town.path}/${list}`, limit);
        expect(found.every((items) => items.length <= limit)).toBe(true);
        expect(found.flat()).toEqual(whole);
      }
    }
  });

  it('a bead that ends between two pages is neither lost nor shown twice', async () => {
    const { token, path, townId, rigId } = await fixture.town('mover');
    const made: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      const body = { rigId, title: `held ${count}`, held: true };
      made.push(idOf(await fixture.call('POST', `${path}/beads`, { token, body })));
    }
    const seen: unknown[] = [];
    let cursor = '';
    // Before each page but the first: one that was shown, and one that was not.
    for (const ending of [[], [1, 4], [0, 3]]) {
      for (const number of ending)
        await fixture.call('POST', `${path}/beads/${made[number]}/cancel`, { token, body: { as: 'closed' } });
      await fixture.reconcile(townId);
      const page = listed.parse((await get(`${path}/beads?limit=2${cursor}`, token)).body);
      seen.push(...page.items.map(({ id }) => id));
      cursor = `&cursor=${encodeURIComponent(page.nextCursor ?? '')}`;
    }
    expect(seen).toEqual(made);
  });

  it('events come newest first, and one commit may be spread over pages', async () => {
    const events = (await pages(`${town.path}/events`, 1)).flat();
    const versions = events.map(({ id }) => Number(String(id).split('-')[0]));
    expect(versions).toEqual([...versions].sort((a, b) => b - a));
    // Several decisions of one commit: the place is inside of it.
    expect(new Set(versions).size).toBeLessThan(versions.length);
  });

  it('takes no cursor but one that this list has given to this user', async () => {
    const stranger = await fixture.userToken('stranger');
    const own = await cursorOf(`${town.path}/beads`);
    const [position = '', mac = ''] = own.split('.');
    const other = await fixture.town('owner');
    const forged = (text: string): string => Buffer.from(text).toString('base64url');
    const rows: readonly { what: string; path: string; cursor: string }[] = [
      { what: 'of another list', path: `${town.path}/convoys`, cursor: own },
      { what: 'of the events', path: `${town.path}/beads`, cursor: await cursorOf(`${town.path}/events`) },
      { what: 'for the events', path: `${town.path}/events`, cursor: own },
      { what: 'of another town', path: `${other.path}/beads`, cursor: own },
      { what: 'of the towns', path: `${town.path}/rigs`, cursor: await cursorOf('/v1/towns') },
      { what: 'without a seal', path: `${town.path}/beads`, cursor: position },
      { what: 'with a broken seal', path: `${town.path}/beads`, cursor: `${position}.${mac.slice(1)}` },
      { what: 'moved', path: `${town.path}/beads`, cursor: `${forged('0')}.${mac}` },
      { what: 'made up', path: `${town.path}/events`, cursor: `${forged('1 0')}.${forged('seal')}` },
      { what: 'as it was before they were sealed', path: `${town.path}/events`, cursor: '7' },
      { what: 'that is empty', path: `${town.path}/beads`, cursor: '' },
      { what: 'far too long', path: `${town.path}/beads`, cursor: 'a'.repeat(5000) },
    ];
    for (const { what, path, cursor } of rows) {
      const answer = await get(`${path}?cursor=${cursor}`);
      expect(`${what}: ${codeOf(answer)}`).toBe(`${what}: 400 invalid_input`);
      expect(expectProblem(answer).issues).toMatchObject([{ path: 'cursor' }]);
    }
    // Another user's cursor: of the one list that both have.
    await fixture.call('POST', '/v1/towns', { token: stranger, body: { name: 'theirs' } });
    const towns = await cursorOf('/v1/towns');
    expect(codeOf(await get(`/v1/towns?cursor=${towns}`, stranger))).toBe('400 invalid_input');
    expect((await get(`/v1/towns?cursor=${towns}`)).status).toBe(200);
  });

  it('refuses parameters that it does not know, and values that they cannot have, by name', async () => {
    const rows: readonly [string, string, string][] = [
      ['/v1/towns', 'limits=5', 'limits'],
      [town.path, 'verbose=1', 'verbose'],
      [`${town.path}/status`, 'limit=5', 'limit'],
      [`${town.path}/why`, 'bead=x', 'bead'],
      [`${town.path}/beads`, 'status=bogus', 'status'],
      [`${town.path}/beads`, 'status=open,closed', 'status'],
      [`${town.path}/beads`, 'status=open&status=closed', 'status'],
      [`${town.path}/beads`, 'type=x', 'type'],
      [`${town.path}/beads`, 'rigId=', 'rigId'],
      [`${town.path}/events`, 'before=3', 'before'],
      [`${town.path}/merge-queue`, 'status=open', 'status'],
    ];
    for (const [path, query, at] of rows) {
      const answer = await get(`${path}?${query}`);
      expect(`${path} ${query}: ${codeOf(answer)}`).toBe(`${path} ${query}: 400 invalid_input`);
      expect(expectProblem(answer).issues).toMatchObject([{ path: at }]);
    }
  });
});
