import { expect, it } from 'vitest';
import { minutes, seconds } from '../../../core/town/instant.ts';
import { checkEnd } from './end-state.ts';
import type { PlatformBehaviour } from './model-platform.ts';
import { begin, tell, type GetSubject } from './story.ts';
import { createRandom } from './virtual-time.ts';

const BEHAVIOURS: readonly { of: string; platform: PlatformBehaviour; tasks: number }[] = [
  {
    of: 'the answer to RunTask is lost after it started',
    platform: { run: (nth) => (nth === 1 ? 'answerLost' : undefined) },
    tasks: 1,
  },
  {
    of: 'the answers to all RunTask calls are lost',
    platform: { run: () => 'answerLost' },
    tasks: 1,
  },
  {
    of: 'the platform refuses three times',
    platform: { run: (nth) => (nth <= 3 ? 'refused' : undefined) },
    tasks: 1,
  },
  {
    of: 'the platform refuses an epoch for good, and takes the next',
    platform: { run: (nth) => (nth <= 7 ? 'refused' : undefined) },
    tasks: 1,
  },
  {
    of: 'a task hangs and never syncs',
    platform: { startMs: (nth) => (nth === 1 ? undefined : seconds(20)) },
    tasks: 2,
  },
  {
    of: 'tasks take four minutes to start',
    platform: { startMs: () => minutes(4) },
    tasks: 1,
  },
  {
    of: 'the first task takes six minutes to start, which is too long',
    platform: { startMs: (nth) => minutes(nth === 1 ? 6 : 1) },
    tasks: 2,
  },
  {
    of: 'the platform never says that a task has stopped',
    platform: { isSilent: true },
    tasks: 1,
  },
];
const KILLS = Array.from({ length: 10 }, (_, index) => ({ seed: index + 1, isSilent: index % 2 === 0 }));

export function containerContract(getSubject: GetSubject): void {
  for (const { of, platform, tasks } of BEHAVIOURS) {
    it(`the demo convoy lands when ${of}`, async () => {
      const { world } = await tell(getSubject(), { platform });
      expect(world.platform.starts).toHaveLength(tasks);
    });
  }

  it('a last RunTask that takes effect when its epoch has been given up does not overlap the next', async () => {
    const run = (nth: number) => (nth === 5 ? 'late' : nth < 5 ? 'refused' : undefined);
    const { world } = await begin(getSubject(), { platform: { run } });
    await world.run();
    expect(world.platform.overlaps).toEqual([]);
  });

  it.each(KILLS)(
    'the container is killed three times at any moment (seed $seed, unsaid: $isSilent)',
    async ({ seed, isSilent }) => {
      const subject = getSubject();
      const { world, town } = await begin(subject, { seed, platform: { isSilent } });
      const random = createRandom(seed);
      let kills = 0;
      for (let kill = 0; kill < 3; kill += 1) {
        world.time.after(random() * minutes(12), () => {
          if (world.platform.kill(town.townId)) kills += 1;
        });
      }
      await world.run();
      await checkEnd(world, subject.store, town);
      // A kill while it drains needs no further one.
      expect(world.platform.starts.length).toBeLessThanOrEqual(kills + 1);
    },
  );
}
