import { expect, test } from 'vitest';
import type { MessageFact } from '../../../core/facts/message.ts';
import type { InboxStatement } from '../../../core/facts/inbox.ts';
import type { JobResult } from '../../../core/protocol/job.ts';
import type { AgentReport } from '../../../core/protocol/sync.ts';
import { minutes } from '../../../core/town/instant.ts';
import type { Container, Observed } from '../../../core/town/container.ts';
import {
  CANDIDATE,
  claimedBead,
  container,
  convoy,
  landing,
  mergeRequest,
  observed,
  report,
  reviewedBead,
  reviewer,
  sha,
  step,
  T0,
  town,
  type TownParts,
  workedBead,
  worker,
} from './town-builder.ts';

/** Every way in which a session ends leaves one attempt, with how it ended and what it spent. */
interface Row {
  readonly situation: string;
  readonly town: TownParts;
  readonly facts?: readonly MessageFact[];
  readonly afterMs?: number;
  readonly outcome: string;
  readonly reason: string;
  /** @default what the report says */
  readonly spent?: boolean;
}

const usage = { inputTokens: 7, outputTokens: 3, costUsd: 0.5 };
const up = (
  state: AgentReport['state'],
  over: Partial<Observed> = {},
  containerState: Container['state'] = 'running',
): TownParts => ({
  container: container(containerState),
  observed: observed({ agents: [report('x', state, { usage, reason: 'the turn ended' })], ...over }),
});
const work: TownParts = {
  beads: [workedBead('a', 'x', { attempt: 2 })],
  agents: [worker('x', 'a')],
  ...up('working'),
};
const claim = (result: JobResult): TownParts => ({
  ...work,
  beads: [{ ...claimedBead('a', 'x'), attempt: 2, doneRefusals: 2 }],
  ...up('idle', { jobs: [{ jobId: 'verify', state: 'done', result }] }),
});
const review: TownParts = {
  beads: [reviewedBead('a')],
  mergeRequests: [
    mergeRequest('m', 'a', {
      stage: 'reviewing',
      candidate: CANDIDATE,
      reviewerAgentId: 'x',
      reviewAttempt: 1,
    }),
  ],
  agents: [reviewer('x', 'm')],
  ...up('working'),
};
const verdict: InboxStatement = {
  type: 'agent_verdict',
  agentId: 'x',
  mergeRequestId: 'm',
  attempt: 1,
  verdict: 'approve',
};
const cancel: InboxStatement = { type: 'bead_cancelled', beadId: 'a', as: 'failed', by: 'ann' };
const gone: MessageFact = { type: 'task_stopped', epoch: 1, reason: 'Spot interruption' };

const ROWS: readonly Row[] = [
  {
    situation: 'its work is verified',
    town: claim({ outcome: 'verified', headSha: sha(9), commits: 1 }),
    outcome: 'done',
    reason: 'verified',
  },
  {
    situation: 'its claim is refused for the third time',
    town: claim({ outcome: 'refused', reason: 'no_commits', detail: 'no commits' }),
    outcome: 'failed',
    reason: 'no commits',
  },
  {
    situation: 'it ends without being done',
    town: { ...work, ...up('exited') },
    outcome: 'failed',
    reason: 'the turn ended',
  },
  {
    situation: 'a reviewer approves',
    town: { ...review, inbox: [verdict] },
    outcome: 'approved',
    reason: 'approved',
  },
  {
    situation: 'a reviewer asks for changes',
    town: { ...review, inbox: [{ ...verdict, verdict: 'request_changes', feedback: 'add a test' }] },
    outcome: 'changes_requested',
    reason: 'add a test',
  },
  {
    situation: 'a review ends without a verdict',
    town: { ...review, ...up('exited') },
    outcome: 'failed',
    reason: 'the turn ended',
  },
  {
    situation: 'somebody cancels the bead as failed',
    town: { ...work, inbox: [cancel] },
    outcome: 'cancelled',
    reason: 'cancelled by ann',
  },
  {
    situation: 'somebody cancels the bead as closed',
    town: { ...work, inbox: [{ ...cancel, as: 'closed' }] },
    outcome: 'cancelled',
    reason: 'cancelled by ann',
  },
  {
    situation: 'somebody cancels what it reviews',
    town: { ...review, inbox: [cancel] },
    outcome: 'cancelled',
    reason: 'cancelled by ann',
  },
  {
    situation: 'somebody deletes the bead',
    town: { ...work, inbox: [{ type: 'bead_deleted', beadId: 'a', by: 'ann' }] },
    outcome: 'cancelled',
    reason: 'deleted by ann',
  },
  {
    situation: 'somebody closes the convoy',
    town: {
      ...work,
      beads: [workedBead('a', 'x', { attempt: 2, convoyId: 'k' })],
      convoys: [
        convoy('k', { beads: [{ id: 'a', outcome: 'open' }], closing: { by: 'ann', reason: 'no need' } }),
      ],
    },
    outcome: 'cancelled',
    reason: 'no need',
  },
  {
    situation: 'somebody stops it',
    town: { ...work, inbox: [{ type: 'agent_stopped', agentId: 'x', by: 'ann' }] },
    outcome: 'stopped',
    reason: 'stopped by ann',
  },
  {
    situation: 'somebody resets it',
    town: { ...review, inbox: [{ type: 'agent_reset', agentId: 'x', by: 'ann' }] },
    outcome: 'stopped',
    reason: 'reset by ann',
  },
  {
    situation: 'its container has saved and stops',
    town: { ...work, ...up('working', { phase: 'drained' }, 'draining') },
    facts: [gone],
    outcome: 'stopped',
    reason: 'Spot interruption',
  },
  {
    situation: 'its container is lost',
    town: work,
    facts: [gone],
    outcome: 'lost',
    reason: 'Spot interruption',
  },
  {
    situation: "a reviewer's container is lost",
    town: review,
    facts: [gone],
    outcome: 'lost',
    reason: 'Spot interruption',
  },
  {
    situation: 'its container is lost after it had said that it is done',
    town: { ...claim({ outcome: 'verified', headSha: sha(9), commits: 1 }), ...up('idle') },
    facts: [gone],
    outcome: 'done',
    reason: 'it had said that it is done',
  },
  {
    situation: 'it never starts',
    town: { ...work, container: container('running'), observed: observed({ syncedAt: T0 + minutes(5) }) },
    afterMs: minutes(5),
    outcome: 'failed',
    reason: 'did not start',
    spent: false,
  },
];

test.each(ROWS)(
  '$situation: $outcome',
  ({ town: parts, facts, afterMs = 0, outcome, reason, spent = true }) => {
    const { history, changes } = step(town(parts), facts, afterMs);
    const attempts = history.filter(({ kind }) => kind === 'attempt');
    const spentHere = spent ? usage : { inputTokens: 0, outputTokens: 0, costUsd: 0 };
    const isReview = parts.agents?.[0]?.role === 'refinery';
    expect(attempts).toEqual([
      expect.objectContaining({
        subject: isReview ? { kind: 'mergeRequest', id: 'm' } : { kind: 'bead', id: 'a' },
        beadId: 'a',
        rigId: 'rig',
        branch: 'gt/a',
        agentId: 'x',
        session: 1,
        attempt: isReview ? 0 : 2,
        epoch: 1,
        startedAt: T0,
        endedAt: T0 + afterMs,
        outcome,
        reason: expect.stringContaining(reason),
        usage: spentHere,
      }),
    ]);
    // What it spent is the bead's, whatever became of that; a bead that was deleted has nobody to ask.
    const beads = changes.flatMap((change) =>
      change.kind === 'bead' && change.op !== 'delete' ? [change.record.usage] : [],
    );
    expect(beads).toEqual(beads.map(() => spentHere));
  },
);

test('what a review of a landing spends is the cost of the convoy', () => {
  const outcome = step(
    town({
      convoys: [
        convoy('k', {
          state: 'landing',
          landingMergeRequestId: 'm',
          beads: [{ id: 'gone', outcome: 'closed' }],
        }),
      ],
      mergeRequests: [landing('m', 'k', { stage: 'reviewing', candidate: CANDIDATE, reviewerAgentId: 'x' })],
      agents: [reviewer('x', 'm')],
      ...up('working'),
      inbox: [verdict],
    }),
  );
  const [attempt] = outcome.history;
  expect(attempt).toMatchObject({ kind: 'attempt', convoyId: 'k', outcome: 'approved', usage });
  expect(attempt).not.toHaveProperty('beadId');
  expect(outcome.changes).toContainEqual(
    expect.objectContaining({ kind: 'convoy', record: expect.objectContaining({ usage }) }),
  );
});

test.each([
  { of: 'that was lost', state: 'running', phase: 'running' },
  { of: 'that had drained', state: 'draining', phase: 'drained' },
  { of: 'that never synced', state: 'starting', phase: undefined },
] as const)('a task $of is remembered as a run', ({ state, phase }) => {
  const parts = {
    container: container(state),
    observed: phase === undefined ? undefined : observed({ phase }),
  };
  const { history } = step(town(parts), [gone], minutes(1));
  expect(history).toEqual([
    { kind: 'run', epoch: 1, startedAt: T0, stoppedAt: T0 + minutes(1), reason: 'Spot interruption' },
  ]);
});

test('the same news twice leaves one entry', () => {
  const { history } = step(town(work), [gone, gone]);
  expect(history.map(({ kind }) => kind)).toEqual(['attempt', 'run']);
});
