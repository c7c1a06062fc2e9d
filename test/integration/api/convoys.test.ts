import { afterAll, beforeAll, expect, it } from 'vitest';
import { idOf } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

it('a convoy is shown with its beads and what they wait for, also when one of them was deleted since', async () => {
  const { token, townId, rigId, path } = await fixture.town('ann');
  const tasks = [{ title: 'first' }, { title: 'second', dependsOn: [0] }];
  const body = { rigId, title: 'two', tasks, staged: true };
  const id = idOf(await fixture.call('POST', `${path}/convoys`, { token, body }));
  const shown = () => fixture.call('GET', `${path}/convoys/${id}`, { token });
  const [first, second] = (await fixture.live(townId)).live.convoy.get(id)?.beads ?? [];
  expect(await shown()).toMatchObject({
    status: 200,
    body: {
      state: 'staged',
      landingMergeRequestId: null,
      items: [
        { id: first?.id, title: 'first', dependsOn: [] },
        { id: second?.id, title: 'second', dependsOn: [{ id: first?.id, outcome: 'open' }] },
      ],
    },
  });
  await fixture.call('POST', `${path}/convoys/${id}/close`, { token, body: {} });
  await fixture.reconcile(townId);
  expect((await fixture.call('DELETE', `${path}/beads/${first?.id}`, { token })).status).toBe(202);
  expect((await fixture.call('DELETE', `${path}/beads/${first?.id}`, { token })).status).toBe(404);
  expect(await shown()).toMatchObject({
    status: 200,
    body: { state: 'closed', items: [{ id: second?.id, status: 'failed' }] },
  });
});
