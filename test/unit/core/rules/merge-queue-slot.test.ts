import { expect, test } from 'vitest';
import { mergeQueueSlot } from '../../../../core/rules/merge-queue-slot.ts';
import { minutes } from '../../../../core/town/instant.ts';
import { convoy, landing, mergeRequest, reviewedBead, rig, runRules, T0, town } from '../town-builder.ts';
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

const order = (
  ...parts: { id: string; priority: 'low' | 'medium' | 'high' | 'critical'; agoMs: number }[]
): string[] => {
  const { waits } = runRules(
    [mergeQueueSlot],
    town({
      beads: [reviewedBead('slot'), ...parts.map(({ id, priority }) => reviewedBead(id, { priority }))],
      mergeRequests: [
        mergeRequest('m-slot', 'slot', { stage: 'merging' }),
        ...parts.map(({ id, agoMs }) => mergeRequest(`m-${id}`, id, { createdAt: T0 - agoMs })),
      ],
    }),
  );
  return waits.map(({ subject }) => subject.id);
};

test.each([
  [
    'the more urgent goes first',
    [
      { id: 'a', priority: 'medium', agoMs: 1 },
      { id: 'b', priority: 'high', agoMs: 0 },
    ],
    ['m-b', 'm-a'],
  ],
  [
    'of the same priority the older',
    [
      { id: 'b', priority: 'low', agoMs: 2 },
      { id: 'a', priority: 'low', agoMs: 1 },
    ],
    ['m-b', 'm-a'],
  ],
  [
    'half an hour of waiting is worth a step',
    [
      { id: 'a', priority: 'medium', agoMs: minutes(30) + 1 },
      { id: 'b', priority: 'high', agoMs: 0 },
    ],
    ['m-a', 'm-b'],
  ],
  [
    'an hour and a half is worth all of them: nobody waits for ever',
    [
      { id: 'a', priority: 'low', agoMs: minutes(90) + 1 },
      { id: 'b', priority: 'critical', agoMs: 0 },
    ],
    ['m-a', 'm-b'],
  ],
] as const)('%s', (_, parts, expected) => expect(order(...parts)).toEqual(expected));

test('a landing counts like a bead of medium priority', () => {
  const { waits } = runRules(
    [mergeQueueSlot],
    town({
      convoys: [
        convoy('k', {
          state: 'landing',
          landingMergeRequestId: 'm-land',
          beads: [{ id: 'gone', outcome: 'closed' }],
        }),
      ],
      beads: [
        reviewedBead('slot'),
        reviewedBead('h', { priority: 'high' }),
        reviewedBead('l', { priority: 'low' }),
      ],
      mergeRequests: [
        mergeRequest('m-slot', 'slot', { stage: 'merging' }),
        landing('m-land', 'k'),
        mergeRequest('m-h', 'h'),
        mergeRequest('m-l', 'l'),
      ],
    }),
  );
  expect(waits.map(({ subject }) => subject.id)).toEqual(['m-h', 'm-land', 'm-l']);
});

test('who waits knows the place and whom it waits for', () => {
  const { waits } = runRules([mergeQueueSlot], town({ beads, mergeRequests: queued }));
  expect(waits.map(({ position, heldBy }) => [position, heldBy?.id])).toEqual([
    [1, 'ma'],
    [2, 'ma'],
  ]);
});
