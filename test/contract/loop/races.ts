import { expect, it } from 'vitest';
import { checkEnd } from './end-state.ts';
import type { Call } from './port-calls.ts';
import { begin, effort, tell, type GetSubject, type Story } from './story.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
const AT_ONCE = 4;

export function raceContract(getSubject: GetSubject): void {
  it('two reconcilers that race on every wake-up commit each version once and ask for each effect once', async () => {
    const subject = getSubject();
    const total = { loads: 0, commits: 0 };
    const race = async (seed: number): Promise<void> => {
      const story = await tell(subject, { seed, reconcilers: 2 });
      expect(await effort(subject, story), `seed ${seed}`).toEqual({
        attempts: ['a 1', 'b 1', 'c 1'],
        tasks: 1,
        turns: 7,
      });
      total.loads += story.world.calls.counts.get('store.load') ?? 0;
      total.commits += story.world.metric('reconcile.steps');
    };
    for (let from = 0; from < SEEDS.length; from += AT_ONCE)
      await Promise.all(SEEDS.slice(from, from + AT_ONCE).map(race));
    console.log('races', { seeds: SEEDS.length, ...total });
    expect(total.loads).toBeGreaterThan(total.commits);
  }, 120_000);

  it.each([1, 2, 3, 8, 15])(
    'a bead created inside live read %i is not lost, and is dispatched',
    async (nth) => {
      const subject = getSubject();
      let story: Story | undefined;
      let loads = 0;
      let beadId: string | undefined;
      story = await begin(subject, {
        async before({ name, by }: Call) {
          if (name !== 'store.load' || by !== 'reconciler') return;
          loads += 1;
          if (loads !== nth || story === undefined) return;
          beadId = await story.world.createBead(story.town, 'loose');
        },
      });
      const { world, town } = story;
      await world.run();
      await checkEnd(world, subject.store, town, { looseBeads: 1 });
      // The one commit that was decided on a torn read was refused.
      expect(loads).toBe(world.metric('reconcile.steps') + 1);
      expect(await subject.store.archived(town.townId, 'bead', beadId ?? '')).toMatchObject({
        status: 'closed',
        attempt: 1,
      });
    },
  );
}
