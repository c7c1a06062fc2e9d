import { expect, test } from 'vitest';
import type { Blocker } from '../../../../core/pull-request/blocker.ts';
import { pullRequestRepair } from '../../../../core/rules/pull-request-repair.ts';
import type { MergeRequest, PullRequest } from '../../../../core/town/merge-request.ts';
import {
  asPullRequest,
  bead,
  convoy,
  forgeRig,
  landing,
  pullRequest,
  reviewedBead,
  runRules,
  sha,
  T0,
  town,
  CANDIDATE,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const blocker = (kind: Blocker['kind'], who: Blocker['who'] = 'agent'): Blocker => ({
  kind,
  who,
  detail: kind,
});
const repairing = { autoResolvePrFeedback: true, autoResolveMergeConflicts: true };
const of = (
  pr: Partial<PullRequest> = {},
  over: Partial<MergeRequest> = {},
  settings: Parameters<typeof forgeRig>[0] = repairing,
) => ({
  rigs: [forgeRig(settings)],
  beads: [reviewedBead('a')],
  mergeRequests: [
    asPullRequest(
      'm',
      'a',
      { blockers: [blocker('checkFailed')], feedback: 'Checks failed: ci.', ...pr },
      over,
    ),
  ],
});
const repairs = [expect.stringMatching(/^bead .*: → open$/)] as unknown as string[];

rows(pullRequestRepair, T0, [
  {
    situation: 'a red check becomes work',
    town: of(),
    decides: repairs,
    reason: 'pull request 5 is blocked: checkFailed',
  },
  { situation: 'a conflict becomes work', town: of({ blockers: [blocker('conflict')] }), decides: repairs },
  {
    situation: 'a branch that is behind becomes work',
    town: of({ blockers: [blocker('behindBase')] }),
    decides: repairs,
  },
  {
    situation: 'a review thread becomes work',
    town: of({ blockers: [blocker('unresolvedThreads')] }),
    decides: repairs,
  },
  {
    situation: 'changes that were asked for become work, also without a thread',
    town: of({ blockers: [blocker('changesRequested')] }),
    decides: repairs,
  },
  { situation: 'a missing approval is no work', town: of({ blockers: [blocker('needsApproval', 'human')] }) },
  { situation: 'a draft is no work', town: of({ blockers: [blocker('draft', 'human')] }) },
  {
    situation: 'a check that runs is no work',
    town: of({ blockers: [blocker('checkPending', 'platform')] }),
  },
  {
    situation: 'changes that wait for the reviewer are no work',
    town: of({ blockers: [blocker('changesRequested', 'human')] }),
  },
  { situation: 'nothing to say to an agent is no work', town: of({ feedback: undefined }) },
  {
    situation: 'agents that may not answer reviews do not',
    town: of({}, {}, { autoResolvePrFeedback: false, autoResolveMergeConflicts: true }),
  },
  {
    situation: 'but they may resolve conflicts',
    town: of(
      { blockers: [blocker('conflict')] },
      {},
      { autoResolvePrFeedback: false, autoResolveMergeConflicts: true },
    ),
    decides: repairs,
  },
  {
    situation: 'and the other way round',
    town: of(
      { blockers: [blocker('conflict')] },
      {},
      { autoResolvePrFeedback: true, autoResolveMergeConflicts: false },
    ),
  },
  {
    situation: 'one repair at a time',
    town: {
      ...of({ repairBeadId: 'r' }),
      beads: [reviewedBead('a'), bead('r', { repairOf: 'm', branch: 'gt/a' })],
    },
  },
  {
    situation: 'the same again after a repair is for people',
    town: of({ repairs: 1, repaired: { feedback: 'Checks failed: ci.', headSha: sha(3) } }),
  },
  {
    situation: 'a check that is red on another head is work again',
    town: of({ repairs: 1, repaired: { feedback: 'Checks failed: ci.', headSha: sha(2) } }),
    decides: repairs,
  },
  {
    situation: 'a thread that says the same on another head is not',
    town: of({
      blockers: [blocker('unresolvedThreads')],
      repairs: 1,
      repaired: { feedback: 'Checks failed: ci.', headSha: sha(2) },
    }),
  },
  { situation: 'after five repairs people have to look', town: of({ repairs: 5 }) },
  { situation: 'what is being opened is not repaired', town: of({ number: undefined }) },
  { situation: 'what somebody closed is not repaired', town: of({ closedSince: T0 }) },
  ...(['queued', 'checking', 'reviewing', 'merging'] as const).map((stage) => ({
    situation: `what is ${stage} is not repaired`,
    town: of({}, { stage }),
  })),
  {
    situation: 'a repair ends with its merge request',
    town: { rigs: [forgeRig()], beads: [bead('r', { repairOf: 'gone', branch: 'gt/a' })] },
    decides: ['bead r: open → closed'],
    reason: 'the merge request that it was to repair is over',
  },
]);

test('it works on the branch of the pull request, and is told what to do', () => {
  const { changes } = runRules(
    [pullRequestRepair],
    town(of({ blockers: [blocker('conflict'), blocker('checkFailed')] })),
  );
  const made = changes.flatMap((change) =>
    change.kind === 'bead' && change.op === 'create' ? [change.record] : [],
  );
  expect(made).toMatchObject([
    {
      title: 'Answer what blocks pull request 5: Bead a',
      labels: ['pr-feedback'],
      branch: 'gt/a',
      repairOf: 'm',
      feedback: 'Checks failed: ci.',
      priority: 'high',
    },
  ]);
  const mr = changes.flatMap((change) =>
    change.kind === 'mergeRequest' && change.op === 'update' ? [change.record] : [],
  );
  expect(mr).toMatchObject([
    { pullRequest: { repairBeadId: made[0]?.id, repairs: 1, repaired: { headSha: sha(3) } } },
  ]);
});

test('of a landing it is a bead of the convoy, which goes on', () => {
  const parts = {
    rigs: [forgeRig(repairing)],
    convoys: [
      convoy('c', { state: 'landing', landingMergeRequestId: 'm', beads: [{ id: 'x', outcome: 'closed' }] }),
    ],
    mergeRequests: [
      landing('m', 'c', {
        stage: 'open',
        headSha: sha(3),
        candidate: CANDIDATE,
        pullRequest: pullRequest({ blockers: [blocker('conflict')], feedback: 'It conflicts.' }),
      }),
    ],
  } as const;
  const { changes } = runRules([pullRequestRepair], town(parts));
  const records = changes.flatMap((change) =>
    change.op === 'create' || change.op === 'update' ? [change.record] : [],
  );
  expect(records).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ labels: ['pr-conflict'], convoyId: 'c', feedback: 'It conflicts.' }),
      expect.objectContaining({ id: 'c', state: 'active' }),
    ]),
  );
  expect(records.find(({ id }) => id === 'm')).toMatchObject({ stage: 'open' });
});
