import { expect, test } from 'vitest';
import { beadWish } from '../../../../core/rules/bead-wish.ts';
import { bead, CANDIDATE, mergeRequest, reviewedBead, runRules, town, T0 } from '../town-builder.ts';
import { assertQuiet, ending, World } from '../world.ts';
import { rows } from './rows.ts';

const wish = (as: 'closed' | 'failed' | 'deleted') => ({ as, by: 'ann' }) as const;
const review = (stage: 'merging' | 'checking') => ({
  beads: [reviewedBead('a', { wish: wish('deleted') })],
  mergeRequests: [mergeRequest('m', 'a', { stage, candidate: CANDIDATE })],
});

rows(beadWish, T0, [
  { situation: 'nobody wished for anything', town: { beads: [bead('a')] } },
  { situation: 'the merge is under way still', town: review('merging') },
  {
    situation: 'the merge came to nothing, and the request is checked again',
    town: review('checking'),
    decides: ['mergeRequest m: checking → failed', 'bead a: in_review → deleted'],
    reason: 'deleted by ann',
  },
  {
    situation: 'the merge request is gone, and the bead open again',
    town: { beads: [bead('a', { wish: { ...wish('failed'), reason: 'not needed' } })] },
    decides: ['bead a: open → failed'],
    reason: 'cancelled by ann: not needed',
  },
  {
    situation: 'in a paused town, too',
    town: { beads: [bead('a', { wish: wish('closed') })], head: { lifecycle: 'paused' } },
    decides: ['bead a: open → closed'],
  },
]);

test('as many end at a time as a step has room for', () => {
  const beads = Array.from({ length: 40 }, (_, n) => bead(`b${n}`, { wish: wish('closed') }));
  const outcome = runRules([beadWish], town({ beads }));
  expect(outcome.changes.length).toBeGreaterThan(20);
  expect(outcome.changes.length).toBeLessThan(40);
  expect(outcome.dueAt).toBe(T0);
});

/** Somebody deletes the bead while its merge job runs; the job ends so. */
const deletedWhileMerging = (result: 'merged' | 'error') => {
  const world = new World(town({ beads: [bead('a')] }), {
    job: (job, nth) =>
      job.kind === 'merge' && result === 'error' && nth === 1
        ? { outcome: 'stale', reason: 'candidate_missing' }
        : undefined,
  });
  const isMerging = ({ town: { live } }: World): boolean =>
    [...live.mergeRequest.values()].some(({ stage }) => stage === 'merging');
  world.once(isMerging, () => world.say({ type: 'bead_deleted', beadId: 'a', by: 'ann' }));
  world.run();
  assertQuiet(world);
  return ending(world);
};

test('a merge that has happened stays; one that has not leaves nothing', () => {
  expect(deletedWhileMerging('merged')).toEqual(['bead a closed']);
  expect(deletedWhileMerging('error')).toEqual([]);
});
