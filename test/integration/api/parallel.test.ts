import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';

describe('many at once', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ isRunning: true });
  });
  afterAll(() => fixture.close());

  it('30 beads that depend on nothing are created at the same time, and none is turned away', async () => {
    const { token, path, rigId, townId } = await fixture.town('free');
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        fixture.call('POST', `${path}/beads`, { token, body: { rigId, title: `bead ${index}`, held: true } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const { live } = await fixture.live(townId);
    expect([...live.bead.keys()].sort()).toEqual(answers.map(idOf).sort());
  });

  it('30 beads that wait for one are all there once; who is turned away is told when to come again', async () => {
    const { token, path, rigId, townId } = await fixture.town('owner');
    const first = await fixture.call('POST', `${path}/beads`, {
      token,
      body: { rigId, title: 'first', held: true },
    });
    const dependsOn = [idOf(first)];
    const create = (title: string) =>
      fixture.call('POST', `${path}/beads`, {
        token,
        body: { rigId, title, held: true, body: title, dependsOn },
      });
    /** As a client does it that heeds what it is told. */
    const insist = async (title: string): Promise<string> => {
      for (let time = 0; time < 12; time += 1) {
        const answer = await create(title);
        if (answer.status === 201) return idOf(answer);
        expect(answer.status).toBe(503);
        const retryAfterSeconds = Number(answer.headers.get('retry-after'));
        expect(retryAfterSeconds).toBeGreaterThan(0);
        await sleep(retryAfterSeconds * 1000 * Math.random());
      }
      throw new Error(`${title} was turned away too often`);
    };
    const titles = Array.from({ length: 30 }, (_, index) => `bead ${index}`);
    const made = await Promise.all(titles.map(insist));
    const { live } = await fixture.live(townId);
    expect([...live.bead.keys()].sort()).toEqual([...dependsOn, ...made].sort());
    expect([...live.bead.values()].map(({ title }) => title).sort()).toEqual([...titles, 'first'].sort());
    const items = await fixture.items();
    const bodies = items.filter(({ sk }) => String(sk).startsWith('BODY#'));
    // A text without its record harms nobody, but no record lacks its text.
    const stored = new Set(bodies.map(({ sk }) => String(sk).slice('BODY#'.length)));
    expect(made.filter((id) => !stored.has(id))).toEqual([]);
  }, 90_000);
});
