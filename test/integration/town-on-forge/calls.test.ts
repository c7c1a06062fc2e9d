import { expect, test } from 'vitest';
import { minutes, seconds } from '../../../core/town/instant.ts';
import { townOnForge } from './scene.ts';

/** G6: how often GitHub is asked, as the forge counts it. */

const PULLS = 120;
const LOOK = 'query repository';

test(
  '120 open pull requests cost nothing while nothing changes, and three queries an audit',
  { timeout: 90_000 },
  async () => {
    const town = await townOnForge({ protection: { requiredApprovals: 1 } });
    for (let n = 0; n < PULLS; n += 1) await town.addWork(`w${n}`);
    await town.until(async () => {
      const { live } = await town.fixture.live(town.townId);
      return [...live.mergeRequest.values()].every(
        ({ pullRequest }) => pullRequest?.awaitingApprovalSince !== undefined,
      );
    }, 'all wait for their approval');
    for (let round = 0; round < 3; round += 1) {
      town.advance(seconds(10));
      await town.quiet();
    }
    // They were opened within a while: the first audit looks at all of them together.
    town.advance(minutes(15));
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
