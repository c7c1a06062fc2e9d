import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cycleThrough } from '../../../core/town/dependencies.ts';
import { idOf, listed, record, type Answer } from '../api/client.ts';
import { startApi, type Api } from './api.ts';
import { populatedTown, type PopulatedTown } from './populated-town.ts';

const ROUNDS = 25;
const CREATES = 200;
const MAX_JITTER_MS = 12;

describe('many at once', () => {
  let api: Api;
  let town: PopulatedTown;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const jitter = () => sleep(Math.random() * MAX_JITTER_MS);
  const post = (to: string, body: object) =>
    api.call('POST', `${town.path}${to}`, { token: town.token, body });
  const patch = (beadId: string, body: object) =>
    api.call('PATCH', `${town.path}/beads/${beadId}`, { token: town.token, body });
  const beads = (count: number): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, async (_, index) =>
        idOf(await post('/beads', { rigId: town.ids.rigId, title: `bead ${index}`, held: true })),
      ),
    );
  /** Beads that wait for each other in a circle, edges that are done not counted; none is how it must be. */
  const circles = async (): Promise<string[][]> => {
    const { live } = await api.fixture.live(town.ids.townId);
    const blockersOf = (id: string): string[] =>
      (live.bead.get(id)?.dependsOn ?? []).filter(({ outcome }) => outcome === 'open').map((edge) => edge.id);
    return [...live.bead.keys()].flatMap((id) => {
      const circle = cycleThrough(id, blockersOf(id), blockersOf);
      return circle === undefined ? [] : [[...circle]];
    });
  };
  const statuses = (answers: readonly Answer[]): string =>
    answers
      .map(({ status }) => status)
      .toSorted((one, other) => one - other)
      .join(' ');

  it('two changes that would close a circle never both succeed', async () => {
    town = await populatedTown(api, 'circles');
    const seen = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const [a = '', b = ''] = await beads(2);
      const close = async (from: string, to: string) => {
        await jitter();
        return patch(from, { dependsOn: [to] });
      };
      const said = statuses(await Promise.all([close(a, b), close(b, a)]));
      seen.add(said);
      expect(['200 409', '200 503', '409 503', '503 503']).toContain(said);
      expect(await circles()).toEqual([]);
    }
    expect(seen).toContain('200 409');
  }, 30_000);

  it('nor do five that would close a ring, whoever comes first', async () => {
    town = await populatedTown(api, 'rings');
    for (let round = 0; round < 5; round += 1) {
      const ring = await beads(5);
      const answers = await Promise.all(
        ring.map(async (id, index) => {
          await jitter();
          return patch(id, { dependsOn: [ring[(index + 1) % ring.length]] });
        }),
      );
      expect(answers.filter(({ status }) => status === 200).length).toBeLessThan(ring.length);
      expect(answers.filter(({ status }) => ![200, 409, 503].includes(status))).toEqual([]);
      expect(await circles()).toEqual([]);
    }
  }, 30_000);

  it('nor by statements that the town applies later, in whatever order they come', async () => {
    town = await populatedTown(api, 'later');
    const { rigId, townId } = town.ids;
    const convoy = { rigId, title: 'convoy', staged: true, tasks: [{ title: 'one' }] };
    /** What was said at each act: a row in which somebody was turned away before would prove nothing. */
    const rows: Record<string, () => Promise<readonly Answer[]>> = {
      'a bead joins a convoy to wait for one that begins to wait for it': async () => {
        const [convoyId, inConvoy] = await newConvoy();
        const [free = ''] = await beads(1);
        return [
          await post(`/convoys/${convoyId}/beads`, { beadId: free, dependsOn: [inConvoy] }),
          await patch(inConvoy, { dependsOn: [free] }),
        ];
      },
      'a bead joins a convoy and one by which it waits for itself begins to': async () => {
        const [convoyId, inConvoy] = await newConvoy();
        const [one = '', two = ''] = await beads(2);
        return [
          await patch(inConvoy, { dependsOn: [one] }),
          await post(`/convoys/${convoyId}/beads`, { beadId: two, dependsOn: [inConvoy] }),
          await patch(one, { dependsOn: [two] }),
        ];
      },
      'an ended bead comes back to wait for one that waits for it by now': async () => {
        const [ended, waiting] = await endedBead();
        return [await patch(waiting, { dependsOn: [ended] }), await post(`/beads/${ended}/reopen`, {})];
      },
      'an ended bead comes back while one begins to wait for it': async () => {
        const [ended, waiting] = await endedBead();
        return [await post(`/beads/${ended}/reopen`, {}), await patch(waiting, { dependsOn: [ended] })];
      },
    };
    const newConvoy = async (): Promise<[convoyId: string, beadId: string]> => {
      const made = await post('/convoys', convoy);
      return [idOf(made), record.parse((made.body as { items: unknown[] }).items[0]).id];
    };
    /** One that failed, and the one that it waited for. */
    const endedBead = async (): Promise<[ended: string, waiting: string]> => {
      const [ended = '', waiting = ''] = await beads(2);
      await patch(ended, { dependsOn: [waiting] });
      await post(`/beads/${ended}/cancel`, { as: 'failed' });
      await api.fixture.reconcile(townId);
      return [ended, waiting];
    };
    for (const [what, happens] of Object.entries(rows)) {
      const answers = await happens();
      expect([what, ...answers.map(({ status }) => status < 300)]).toEqual([
        what,
        ...answers.map(() => true),
      ]);
      await api.fixture.reconcile(townId);
      await api.fixture.reconcile(townId);
      expect({ what, circles: await circles() }).toEqual({ what, circles: [] });
    }
  });

  it('a bead that waits for itself is refused', async () => {
    town = await populatedTown(api, 'self');
    const { beadId } = town.ids;
    const answer = await patch(beadId, { dependsOn: [beadId] });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it(`${CREATES} beads created at once are all there, and none twice`, async () => {
    town = await populatedTown(api, 'creates');
    const { rigId } = town.ids;
    const titles = Array.from({ length: CREATES }, (_, index) => `parallel ${index}`);
    const answers = await Promise.all(titles.map((title) => post('/beads', { rigId, title, held: true })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const found: { id: string; title: string }[] = [];
    let query = '?limit=200';
    for (let page = 0; page < 10 && query !== ''; page += 1) {
      const answer = await api.call('GET', `${town.path}/beads${query}`, { token: town.token });
      const { items, nextCursor } = listed.parse(answer.body);
      found.push(...items.map(({ id, title }) => ({ id: String(id), title: String(title) })));
      query = nextCursor === null ? '' : `?limit=200&cursor=${encodeURIComponent(nextCursor)}`;
    }
    const made = found.filter(({ title }) => title.startsWith('parallel'));
    expect(made.map(({ title }) => title).toSorted()).toEqual(titles.toSorted());
    expect(made.map(({ id }) => id).toSorted()).toEqual(answers.map(idOf).toSorted());
  }, 60_000);
});
