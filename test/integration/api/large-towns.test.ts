import { afterAll, beforeAll, expect, it } from 'vitest';
import { idOf } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const MOST_STEPS = 40;

/** Wakes the town until nothing of its inbox is left. @returns the wake-ups that it took */
async function settle(townId: string): Promise<number> {
  for (let steps = 1; steps <= MOST_STEPS; steps += 1) {
    await fixture.reconcile(townId);
    const { inbox, head } = await fixture.live(townId);
    if (inbox.length === 0 && (head.dueAt ?? Infinity) > fixture.now()) return steps;
  }
  throw new Error(`the town is not settled after ${MOST_STEPS} steps`);
}

it('a convoy of 50 beads with bodies is made in one request, shown, started and closed', async () => {
  const { token, townId, rigId, path } = await fixture.town('ann');
  const bodyOf = (n: number): string => `${n} `.repeat(1000).slice(0, 4900);
  const tasks = Array.from({ length: 50 }, (_, n) => ({
    title: `Task ${n}`,
    body: bodyOf(n),
    dependsOn: Array.from({ length: Math.min(n, 10) }, (_unused, back) => n - 1 - back),
  }));
  const body = { rigId, title: 'fifty', tasks, staged: true };
  const id = idOf(await fixture.call('POST', `${path}/convoys`, { token, body }));
  const { live } = await fixture.live(townId);
  const beads = live.convoy.get(id)?.beads.map((edge) => edge.id) ?? [];
  expect(beads).toHaveLength(50);
  const last = await fixture.call('GET', `${path}/beads/${beads[49]}`, { token });
  expect(last.body).toMatchObject({ title: 'Task 49', body: bodyOf(49), dependsOn: { length: 10 } });

  await fixture.call('POST', `${path}/convoys/${id}/start`, { token });
  await settle(townId);
  const statuses = [...(await fixture.live(townId)).live.bead.values()].map(({ status }) => status);
  expect(statuses.filter((status) => status === 'in_progress')).toHaveLength(1);
  expect(statuses.filter((status) => status === 'open')).toHaveLength(49);

  await fixture.call('POST', `${path}/convoys/${id}/close`, { token, body: {} });
  expect(await settle(townId)).toBeLessThan(20);
  const closed = await fixture.call('GET', `${path}/convoys/${id}`, { token });
  expect(closed.body).toMatchObject({ state: 'closed', items: { length: 50 } });
  expect((await fixture.live(townId)).live.bead.size).toBe(0);
}, 60_000);

it('500 beads that are cancelled at once end, each once, in several steps', async () => {
  const { token, townId, rigId, path } = await fixture.town('ben');
  const tasks = Array.from({ length: 50 }, (_, n) => ({ title: `Task ${n}` }));
  for (let n = 0; n < 10; n += 1) {
    const body = { rigId, title: `convoy ${n}`, tasks, staged: true };
    expect((await fixture.call('POST', `${path}/convoys`, { token, body })).status).toBe(201);
  }
  const ids = [...(await fixture.live(townId)).live.bead.keys()];
  expect(ids).toHaveLength(500);
  const [first = '', ...others] = ids;
  await fixture.call('POST', `${path}/beads/${first}/cancel`, { token, body: { as: 'closed' } });
  // As the route does it, without asking over HTTP 499 times.
  for (const [n, beadId] of others.entries()) {
    const statement = { type: 'bead_cancelled', beadId, as: 'closed', by: 'ben' } as const;
    const id = `cancel-${String(n).padStart(3, '0')}`;
    await fixture.store.addInbox(townId, { id, at: fixture.now(), statement });
  }
  await settle(townId);
  const { live, inbox, unreadable = [] } = await fixture.live(townId);
  expect([live.bead.size, inbox, unreadable]).toEqual([0, [], []]);
  const ended = (await fixture.items()).filter(
    ({ pk, sk }) => String(pk).includes(townId) && String(sk).startsWith('DONE#'),
  );
  expect(ended.filter((item) => item['status'] === 'closed')).toHaveLength(500);
}, 120_000);
