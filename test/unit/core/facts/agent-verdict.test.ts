import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { CANDIDATE, convoy, landing, mergeRequest, reviewedBead, reviewer, T0 } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const approve: InboxStatement = {
  type: 'agent_verdict',
  agentId: 'ref',
  mergeRequestId: 'm',
  attempt: 3,
  verdict: 'approve',
};
const changes = { ...approve, verdict: 'request_changes', feedback: 'add a test' } as const;
const over = { stage: 'reviewing', candidate: CANDIDATE, reviewerAgentId: 'ref', reviewAttempt: 1 } as const;
const review = {
  beads: [reviewedBead('a')],
  mergeRequests: [mergeRequest('m', 'a', over)],
  agents: [reviewer('ref', 'm', { attempt: 3 })],
};

rows([
  {
    situation: 'an approval opens the merge request for merging',
    town: { ...review, inbox: [approve] },
    applied: 1,
    decides: ['mergeRequest m: reviewing → open'],
    reason: 'the reviewer approved',
  },
  {
    situation: 'a request for changes sends the bead back',
    town: { ...review, inbox: [changes] },
    applied: 1,
    decides: ['mergeRequest m: reviewing → failed', 'bead a: in_review → open'],
    reason: 'asked for changes',
  },
  {
    situation: 'the first verdict counts',
    town: { ...review, inbox: [approve, changes] },
    applied: 1,
    stale: 1,
    decides: ['mergeRequest m: reviewing → open'],
  },
  {
    situation: 'of an earlier session of the reviewer, though of its first review as well',
    town: { ...review, agents: [reviewer('ref', 'm', { attempt: 4 })], inbox: [approve] },
    stale: 1,
  },
  {
    situation: 'of an agent that is not the reviewer',
    town: { ...review, inbox: [{ ...approve, agentId: 'other' }] },
    stale: 1,
  },
  {
    situation: 'after the review is over',
    town: {
      ...review,
      mergeRequests: [mergeRequest('m', 'a', { ...over, stage: 'merging' })],
      inbox: [approve],
    },
    stale: 1,
  },
  { situation: 'of a merge request that has ended', town: { inbox: [approve] }, stale: 1 },
]);

test('what the reviewer asked for reaches the next attempt, which begins without a pause on the same branch', () => {
  expect(left({ ...review, inbox: [changes] })).toMatchObject([
    { kind: 'bead', status: 'open', feedback: 'add a test', cooldownFrom: undefined, branch: 'gt/a' },
    { kind: 'agent', status: 'idle' },
    {
      op: 'archive',
      kind: 'mergeRequest',
      stage: 'failed',
      closedAt: T0,
      failure: { code: 'changes_requested' },
    },
  ]);
});

test('changes asked of a landing are made by a bead of its convoy, which lands after it', () => {
  const parts = {
    convoys: [convoy('k', { state: 'landing', landingMergeRequestId: 'm' })],
    mergeRequests: [landing('m', 'k', over)],
    agents: review.agents,
    inbox: [changes],
  };
  const [repair, landed, ...others] = left(parts);
  expect(repair).toMatchObject({
    op: 'create',
    kind: 'bead',
    convoyId: 'k',
    title: 'Make it ready to land: Convoy k',
    priority: 'high',
    labels: ['landing-repair'],
    feedback: 'add a test',
  });
  expect(landed).toMatchObject({
    kind: 'convoy',
    state: 'active',
    landingMergeRequestId: undefined,
    landingAttempts: 1,
    lastLandingFailedAt: T0,
    beads: [{ id: repair?.id, outcome: 'open' }],
  });
  expect(others).toMatchObject([
    { kind: 'agent', status: 'idle' },
    { op: 'archive', kind: 'mergeRequest' },
  ]);
});
