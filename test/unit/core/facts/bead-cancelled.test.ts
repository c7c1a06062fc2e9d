import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import {
  bead,
  CANDIDATE,
  convoy,
  mergeRequest,
  reviewedBead,
  reviewer,
  T0,
  workedBead,
  worker,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const open = { id: 'a', outcome: 'open' } as const;
const cancel: InboxStatement = {
  type: 'bead_cancelled',
  beadId: 'a',
  as: 'failed',
  reason: 'no need',
  by: 'ann',
};
const inReview = (stage: 'checking' | 'reviewing' | 'merging') => ({
  beads: [reviewedBead('a')],
  mergeRequests: [
    mergeRequest('m', 'a', { stage, candidate: CANDIDATE, reviewerAgentId: 'ref', reviewAttempt: 1 }),
  ],
  agents: [reviewer('ref', 'm')],
  inbox: [cancel],
});

rows([
  {
    situation: 'an open bead ends',
    town: { beads: [bead('a')], inbox: [cancel] },
    applied: 1,
    decides: ['bead a: open → failed'],
    reason: 'cancelled by ann: no need',
  },
  {
    situation: 'one that is worked on ends, and its agent is free',
    town: { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')], inbox: [cancel] },
    applied: 1,
    decides: ['bead a: in_progress → failed'],
  },
  {
    situation: 'one under review ends with its merge request',
    town: inReview('reviewing'),
    applied: 1,
    decides: ['mergeRequest m: reviewing → failed', 'bead a: in_review → failed'],
  },
  {
    situation: 'a merge is not stopped half-way: the wish is kept until it is known',
    town: inReview('merging'),
    applied: 1,
    decides: ['bead a'],
    reason: 'unless the merge that is under way has happened',
  },
  { situation: 'one that has ended', town: { inbox: [cancel] }, stale: 1 },
  {
    situation: 'twice is once',
    town: { beads: [bead('a')], inbox: [cancel, cancel] },
    applied: 1,
    stale: 1,
    decides: ['bead a: open → failed'],
  },
]);

test('whoever waits for it learns the outcome in the same commit', () => {
  const beads = [bead('a', { convoyId: 'k' }), bead('b', { dependsOn: [open] })];
  const inbox = [{ ...cancel, as: 'closed' } as const];
  expect(left({ beads, convoys: [convoy('k', { beads: [open] })], inbox })).toMatchObject([
    { kind: 'bead', id: 'b', dependsOn: [{ id: 'a', outcome: 'closed' }] },
    { kind: 'convoy', id: 'k', beads: [{ id: 'a', outcome: 'closed' }] },
    { op: 'archive', kind: 'bead', id: 'a', status: 'closed', closedAt: T0, failure: undefined },
  ]);
});
