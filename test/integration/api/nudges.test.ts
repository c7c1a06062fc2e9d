import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectProblem, idOf } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

/** Three bytes a character in UTF-8: as long as a nudge may be. */
const LONG = '語'.repeat(4000);

it('a person who nudges again and again is told to wait, and the town goes on', async () => {
  const { token, townId, rigId, path } = await fixture.town('ann');
  const beads = ['one', 'two', 'three'].map((title) =>
    fixture.call('POST', `${path}/beads`, { token, body: { rigId, title } }),
  );
  (await Promise.all(beads)).map(idOf);
  await fixture.reconcile(townId);
  const agents = [...(await fixture.live(townId)).live.agent.values()];
  expect(agents.map(({ status }) => status)).toEqual(['working', 'working', 'working']);
  for (const { id } of agents) {
    const nudge = (mode: string) =>
      fixture.call('POST', `${path}/agents/${id}/nudge`, { token, body: { message: LONG, mode } });
    for (let count = 0; count < 20; count += 1)
      expect((await nudge(count % 2 === 0 ? 'queue' : 'wait-idle')).status).toBe(202);
    const refused = await nudge('queue');
    expect({ status: refused.status, code: expectProblem(refused).code }).toEqual({
      status: 409,
      code: 'conflict',
    });
  }
  await fixture.reconcile(townId);
  const { container, live, head } = await fixture.live(townId);
  expect({ failure: head.failure, mails: live.mail.size }).toEqual({ failure: undefined, mails: 60 });
  // All agents have work; how much each is told at once is the town's affair.
  expect(container.desired.agents).toHaveLength(3);
  expect(Buffer.byteLength(JSON.stringify(container.desired))).toBeLessThan(256 * 1024);
});
