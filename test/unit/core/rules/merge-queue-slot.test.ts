import { expect, test } from 'vitest';
import { mergeQueueSlot } from '../../../../core/rules/merge-queue-slot.ts';
import { minutes } from '../../../../core/town/instant.ts';
import type { MergeRequest } from '../../../../core/town/merge-request.ts';
import {
  CANDIDATE,
  convoy,
  landing,
  mergeRequest,
  reviewedBead,
  rig,
  runRules,
  T0,
  town,
} from '../town-builder.ts';
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

const gated = rig({ config: { refinery: { gates: ['npm test'] } } });
const batchOf = (parts: Parameters<typeof town>[0]): string[] | undefined => {
  const { changes } = runRules([mergeQueueSlot], town({ rigs: [gated], ...parts }));
  const taken = changes.flatMap((change) =>
    change.kind === 'mergeRequest' && change.op === 'update' && change.record.stage === 'checking'
      ? [change.record]
      : [],
  );
  return taken[0]?.batch?.map(({ id }) => id);
};
const many = (count: number, over: (n: number) => Partial<MergeRequest> = () => ({})) => ({
  beads: Array.from({ length: count }, (_, n) => reviewedBead(`b${n}`)),
  mergeRequests: Array.from({ length: count }, (_, n) =>
    mergeRequest(`m${n}`, `b${n}`, { createdAt: T0 + n, ...over(n) }),
  ),
});

test.each<{ situation: string; parts: Parameters<typeof town>[0]; batch: string[] | undefined }>([
  { situation: 'those behind it are checked with it', parts: many(3), batch: ['m1', 'm2'] },
  {
    situation: 'eight together are enough',
    parts: many(20),
    batch: ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7'],
  },
  { situation: 'one alone is checked alone', parts: many(1), batch: undefined },
  {
    situation: 'without gates there is nothing to share',
    parts: { ...many(3), rigs: [rig()] },
    batch: undefined,
  },
  {
    situation: 'another target is another batch',
    parts: many(4, (n) => (n === 1 ? { target: 'next' } : {})),
    batch: ['m2', 'm3'],
  },
  {
    situation: 'the order of the queue is kept: what cannot be checked with others ends the batch',
    parts: many(4, (n) => (n === 2 ? { headSha: undefined } : {})),
    batch: ['m1'],
  },
  { situation: 'after a failure there are fewer', parts: many(6, () => ({ batchLimit: 2 })), batch: ['m1'] },
  {
    situation: 'the most cautious counts',
    parts: many(6, (n) => (n === 2 ? { batchLimit: 2 } : {})),
    batch: ['m1'],
  },
  {
    situation: 'alone means alone',
    parts: many(6, (n) => (n === 0 ? { batchLimit: 1 } : {})),
    batch: undefined,
  },
])('$situation', ({ parts, batch }) => {
  expect(batchOf(parts)).toEqual(batch);
});

test('a pull request is checked alone: the forge may merge it in another way', () => {
  const config = { mergeStrategy: 'pr' as const, refinery: { gates: ['npm test'] } };
  expect(batchOf({ ...many(3), rigs: [rig({ forge: 'github', config })] })).toBeUndefined();
});

test.each([
  { codeReview: true, to: 'reviewing' },
  { codeReview: false, to: 'open' },
])('what passed in a batch goes on when the one before it is merged: $to', ({ codeReview, to }) => {
  const rigs = [rig({ config: { refinery: { gates: ['npm test'], codeReview } } })];
  const { decisions } = runRules(
    [mergeQueueSlot],
    town({ rigs, ...many(1, () => ({ candidate: CANDIDATE })) }),
  );
  expect(decisions.map((decision) => decision.to)).toEqual([to]);
});

test('what passed behind one that is not merged yet is checked again', () => {
  const parts = many(2, (n) => (n === 1 ? { candidate: CANDIDATE, behind: 'm0' } : { createdAt: T0 + 9 }));
  const { changes } = runRules([mergeQueueSlot], town({ rigs: [gated], ...parts }));
  expect(changes.flatMap((change) => (change.op === 'update' ? [change.record] : []))).toMatchObject([
    { id: 'm1', stage: 'checking', candidate: undefined, behind: undefined },
  ]);
});

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
