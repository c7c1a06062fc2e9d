import { expect, test } from 'vitest';
import { mergeQueueSlot } from '../../../../core/rules/merge-queue-slot.ts';
import { mergeRequest, reviewedBead, rig, runRules, T0, town } from '../town-builder.ts';
import { rows } from './rows.ts';

const beads = ['a', 'b', 'c'].map((id) => reviewedBead(id));
const queued = ['a', 'b', 'c'].map((id) => mergeRequest(`m${id}`, id));
const [, second] = queued;

rows(mergeQueueSlot, T0, [
  { situation: 'no queue', town: {}, waits: [] },
  {
    situation: 'the oldest of the queue is checked, the others wait behind it',
    town: { beads, mergeRequests: queued },
    decides: ['mergeRequest ma: queued → checking'],
    reason: 'first in the queue of its rig',
    waits: ['mergeRequest mb: queued on the merge queue', 'mergeRequest mc: queued on the merge queue'],
    dueAfterMs: null,
  },
  ...(['checking', 'reviewing', 'open', 'merging'] as const).map((stage) => ({
    situation: `${stage} holds the slot`,
    town: { beads, mergeRequests: [mergeRequest('ma', 'a', { stage }), ...queued.slice(1)] },
    reason: `behind "Bead a", which is ${stage}`,
    waits: ['mergeRequest mb: queued on the merge queue', 'mergeRequest mc: queued on the merge queue'],
  })),
  {
    situation: 'each rig has a slot of its own',
    town: {
      rigs: [rig(), rig({ id: 'other' })],
      beads,
      mergeRequests: [
        mergeRequest('ma', 'a', { stage: 'merging' }),
        ...(second === undefined ? [] : [{ ...second, rigId: 'other' }]),
      ],
    },
    decides: ['mergeRequest mb: queued → checking'],
  },
]);

test('who waits knows the place and whom it waits for', () => {
  const { waits } = runRules([mergeQueueSlot], town({ beads, mergeRequests: queued }));
  expect(waits.map(({ position, heldBy }) => [position, heldBy?.id])).toEqual([
    [1, 'ma'],
    [2, 'ma'],
  ]);
});
