import { expect, test } from 'vitest';
import { minutes } from '../../../core/town/instant.ts';
import { townOnForge } from './scene.ts';

/** G6: how often GitHub is asked, as the forge counts it. */

const PULLS = 120;
const LOOK = 'query repository';

test(
  '120 open pull requests cost nothing while nothing changes, and three queries an audit',
  { timeout: 90_000 },
  async () => {
    const town = await townOnForge({ protection: { requiredApprovals: 1 }, hasWebhooks: false });
    // As if webhooks had told of each of them; from here on there is nothing to tell.
    for (let n = 0; n < PULLS; n += 1) await town.addOpened(`w${n}`);
    // They were opened within a while: the first audit looks at all of them together.
    town.advance(minutes(15));
    await town.fixture.towns.send({
      v: 1,
      townId: town.townId,
      fact: { type: 'forge_heard', rigId: town.rigId, numbers: [] },
    });
    await town.until(async () => {
      const { live } = await town.fixture.live(town.townId);
      return [...live.mergeRequest.values()].every(({ pullRequest }) => (pullRequest?.at ?? 0) > 0);
    }, 'all were looked at');
    await town.quiet();
    town.forge.calls.reset();
    for (let round = 0; round < 14; round += 1) {
      town.advance(minutes(1));
      await town.quiet();
    }
    expect(town.forge.calls.all()).toEqual({});
    town.advance(minutes(1));
    await town.quiet();
    const asked = town.forge.calls.all();
    expect(Object.keys(asked)).toEqual([LOOK]);
    expect(asked[LOOK]).toBeLessThanOrEqual(3);
    // Once per pull request and minute, a call of each API: what the predecessor did in these 15 minutes.
    expect((PULLS * 15 * 2) / (asked[LOOK] ?? 0)).toBeGreaterThanOrEqual(50);
  },
);
