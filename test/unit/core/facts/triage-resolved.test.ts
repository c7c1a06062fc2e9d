import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import type { TriageAction } from '../../../../core/town/triage-request.ts';
import {
  agent,
  applyFacts,
  CANDIDATE,
  claimedBead,
  container,
  decided,
  escalation,
  mergeRequest,
  observed,
  report,
  reviewedBead,
  reviewer,
  town,
  type TownParts,
  triageRequest,
  workedBead,
  worker,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const resolve = (action: TriageAction): InboxStatement => ({
  type: 'triage_resolved',
  agentId: 'tri',
  attempt: 1,
  requestId: 't',
  action,
  notes: 'look at the lock',
});
const triage = worker('tri', '', { role: 'triage', hook: { kind: 'triageRequest', id: 't' } });
const stuck = {
  beads: [workedBead('a', 'toast', { checkpoint: { agentId: 'toast', data: 'half' } })],
  agents: [worker('toast', 'a'), triage],
  triageRequests: [
    triageRequest('t', { agentId: 'toast', attempt: 1, beadId: 'a', assigneeAgentId: 'tri', attempts: 1 }),
  ],
} satisfies TownParts;
const asking: TownParts = {
  ...stuck,
  escalations: [escalation('e', { agentId: 'toast' })],
  triageRequests: [
    triageRequest('t', {
      type: 'escalation',
      agentId: 'toast',
      attempt: 1,
      beadId: 'a',
      escalationId: 'e',
      assigneeAgentId: 'tri',
      attempts: 1,
    }),
  ],
};
const review: TownParts = {
  beads: [reviewedBead('a')],
  agents: [reviewer('toast', 'm'), triage],
  mergeRequests: [
    mergeRequest('m', 'a', {
      stage: 'reviewing',
      candidate: CANDIDATE,
      reviewerAgentId: 'toast',
      reviewAttempt: 1,
    }),
  ],
  triageRequests: stuck.triageRequests,
};
const settled = 'triageRequest t: open → resolved';

rows([
  {
    situation: 'nudge: the agent is told at once, and goes on',
    town: { ...stuck, inbox: [resolve('nudge')] },
    applied: 1,
    decides: [settled],
    reason: 'nudge: look at the lock',
  },
  {
    situation: 'restart: its work is open again',
    town: { ...stuck, inbox: [resolve('restart')] },
    applied: 1,
    decides: [settled, 'bead a: in_progress → open', 'agent toast: working → idle'],
  },
  {
    situation: 'restart_with_backoff: the same, after a pause',
    town: { ...stuck, inbox: [resolve('restart_with_backoff')] },
    applied: 1,
    decides: [settled, 'bead a: in_progress → open'],
  },
  {
    situation: 'reassign_bead: its work is open again',
    town: { ...stuck, inbox: [resolve('reassign_bead')] },
    applied: 1,
    decides: [settled, 'bead a: in_progress → open', 'agent toast: working → idle'],
  },
  {
    situation: 'close_bead: it fails for good',
    town: { ...stuck, inbox: [resolve('close_bead')] },
    applied: 1,
    decides: [settled, 'bead a: in_progress → failed'],
  },
  {
    situation: 'close_bead of a review: its merge request fails with it',
    town: { ...review, inbox: [resolve('close_bead')] },
    applied: 1,
    decides: [settled, 'mergeRequest m: reviewing → failed', 'bead a: in_review → failed'],
  },
  {
    situation: 'restart of a review: the next reviewer takes it',
    town: { ...review, inbox: [resolve('restart')] },
    applied: 1,
    decides: [settled, 'agent toast: working → idle'],
  },
  {
    situation: 'escalate_to_mayor: the mayor is told',
    town: { ...stuck, inbox: [resolve('escalate_to_mayor')] },
    applied: 1,
    decides: [settled],
  },
  {
    situation: 'escalate: people are told',
    town: { ...stuck, inbox: [resolve('escalate')] },
    applied: 1,
    decides: [settled, 'escalation 019b76da-a800-7863-ac77-cfdff0a4e8d6: → open'],
  },
  {
    situation: 'discard: nothing',
    town: { ...stuck, inbox: [resolve('discard')] },
    applied: 1,
    decides: [settled],
  },
  {
    situation: 'what an agent asked for is settled with it',
    town: { ...asking, inbox: [resolve('nudge')] },
    applied: 1,
    decides: [settled, 'escalation e: open → resolved'],
  },
  {
    situation: 'what triage leaves to people stays with them',
    town: { ...asking, inbox: [resolve('escalate')] },
    applied: 1,
    decides: [settled],
  },
  {
    situation: 'a decision about a session that is over changes nothing but that it is taken',
    town: {
      ...stuck,
      agents: [worker('toast', 'a', { attempt: 2 }), triage],
      inbox: [resolve('close_bead')],
    },
    applied: 1,
    decides: [settled],
  },
  {
    situation: 'nor one about what is said to be done meanwhile',
    town: { ...stuck, beads: [claimedBead('a', 'toast')], inbox: [resolve('restart')] },
    applied: 1,
    decides: [settled],
  },
  {
    situation: 'an earlier session of triage',
    town: { ...stuck, inbox: [{ ...resolve('restart'), attempt: 0 } as InboxStatement] },
    stale: 1,
  },
  {
    situation: 'triage that was asked something else',
    town: {
      ...stuck,
      agents: [worker('toast', 'a'), agent('tri', { role: 'triage', attempt: 1 })],
      inbox: [resolve('restart')],
    },
    stale: 1,
  },
  { situation: 'a request that is over', town: { inbox: [resolve('restart')] }, stale: 1 },
]);

const after = (action: TriageAction, kind: string) =>
  left({ ...stuck, inbox: [resolve(action)] }).filter((one) => one.kind === kind);

test('the triage agent is free again, and what it decided is kept', () => {
  expect(after('discard', 'agent')).toMatchObject([{ id: 'tri', status: 'idle', hook: undefined }]);
  expect(after('discard', 'triageRequest')).toMatchObject([
    { op: 'archive', resolution: { action: 'discard', notes: 'look at the lock', by: 'tri' } },
  ]);
});

test('the nudge is urgent, and in the words of triage', () => {
  expect(after('nudge', 'mail')).toMatchObject([
    { agentId: 'toast', attempt: 1, text: 'look at the lock', mode: 'immediate', isUrgent: true },
  ]);
});

test('the mayor gets a session for what is left to it', () => {
  expect(after('escalate_to_mayor', 'mail')).toMatchObject([{ mode: 'wait-idle' }]);
});

test('a restart keeps what the agent kept, another worker starts without it', () => {
  expect(after('restart', 'bead')).toMatchObject([{ checkpoint: { data: 'half' }, cooldownFrom: undefined }]);
  expect(after('restart_with_backoff', 'bead')).toMatchObject([{ cooldownFrom: expect.any(Number) }]);
  expect(after('reassign_bead', 'bead')).toMatchObject([{ checkpoint: undefined }]);
});

test('its session is an attempt at the bead that waited, and counted on it', () => {
  const usage = { inputTokens: 70, outputTokens: 30, costUsd: 0.5 };
  const of = town({
    ...stuck,
    container: container('running'),
    observed: observed({ agents: [report('tri', 'working', { usage })] }),
    inbox: [resolve('discard')],
  });
  const { history, changes, head } = applyFacts(of);
  expect(history).toMatchObject([
    { role: 'triage', subject: { kind: 'triageRequest', id: 't' }, beadId: 'a', outcome: 'done', usage },
  ]);
  const beads = changes.flatMap((change) =>
    change.kind === 'bead' && change.op === 'update' ? [change.record] : [],
  );
  expect(beads).toMatchObject([{ id: 'a', usage }]);
  expect(head.spent).toMatchObject(usage);
});

test('all that was decided is in the log', () => {
  expect(decided(applyFacts(town({ ...stuck, inbox: [resolve('discard')] })))).toEqual([settled]);
});
