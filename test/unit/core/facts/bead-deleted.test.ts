import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import type { MergeRequest } from '../../../../core/town/merge-request.ts';
import {
  bead,
  CANDIDATE,
  claimedBead,
  convoy,
  mergeRequest,
  reviewedBead,
  reviewer,
  workedBead,
  worker,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const open = { id: 'a', outcome: 'open' } as const;
const gone: InboxStatement = { type: 'bead_deleted', beadId: 'a', by: 'ann' };
const inReview = (stage: MergeRequest['stage']) => ({
  beads: [reviewedBead('a')],
  mergeRequests: [mergeRequest('m', 'a', { stage, candidate: CANDIDATE, reviewerAgentId: 'ref' })],
  agents: [reviewer('ref', 'm')],
  inbox: [gone],
});

rows([
  {
    situation: 'an open bead goes',
    town: { beads: [bead('a')], inbox: [gone] },
    applied: 1,
    decides: ['bead a: open → deleted'],
    reason: 'deleted by ann',
  },
  {
    situation: 'one that is worked on goes, and its agent is free',
    town: { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')], inbox: [gone] },
    applied: 1,
    decides: ['bead a: in_progress → deleted'],
  },
  {
    situation: 'one whose claim is being verified goes; the job is for nobody',
    town: { beads: [claimedBead('a', 'x')], agents: [worker('x', 'a')], inbox: [gone] },
    applied: 1,
    decides: ['bead a: in_progress → deleted'],
  },
  {
    situation: 'one under review goes with its merge request',
    town: inReview('reviewing'),
    applied: 1,
    decides: ['mergeRequest m: reviewing → failed', 'bead a: in_review → deleted'],
  },
  {
    situation: 'a merge is not stopped half-way: the wish is kept until it is known',
    town: inReview('merging'),
    applied: 1,
    decides: ['bead a'],
    reason: 'unless the merge that is under way has happened',
  },
  { situation: 'one that has ended', town: { inbox: [gone] }, stale: 1 },
  {
    situation: 'one that ends in the same step',
    town: {
      beads: [bead('a')],
      inbox: [{ type: 'bead_cancelled', beadId: 'a', as: 'closed', by: 'bob' }, gone],
    },
    applied: 1,
    stale: 1,
    decides: ['bead a: open → closed'],
  },
]);

test('whoever waited for it waits no longer, and it is no part of its convoy', () => {
  const beads = [bead('a', { convoyId: 'k' }), bead('b', { dependsOn: [open] }), bead('c')];
  expect(left({ beads, convoys: [convoy('k', { beads: [open] })], inbox: [gone] })).toMatchObject([
    { op: 'update', kind: 'bead', id: 'b', dependsOn: [] },
    { op: 'delete', kind: 'bead', id: 'a' },
    { op: 'update', kind: 'convoy', id: 'k', beads: [] },
  ]);
});
