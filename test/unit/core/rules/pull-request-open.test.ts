import { expect, test } from 'vitest';
import { pullRequestOpen } from '../../../../core/rules/pull-request-open.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import type { MergeRequest } from '../../../../core/town/merge-request.ts';
import {
  asPullRequest,
  CANDIDATE,
  forgeRig,
  mergeRequest,
  outboxRow,
  reviewedBead,
  rig,
  runRules,
  T0,
  town,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const open = (over: Partial<MergeRequest> = {}, rigs = [forgeRig()]) => ({
  rigs,
  beads: [reviewedBead('a')],
  mergeRequests: [mergeRequest('m', 'a', { stage: 'open', candidate: CANDIDATE, ...over })],
});
const beingOpened = { blockers: [], at: 0, observedAt: 0, effects: 1, repairs: 0 };
const opening = outboxRow('run_task', {
  key: 'open_pull_request:m:1',
  effect: { type: 'open_pull_request', mergeRequestId: 'm', n: 1 },
});
const failed = (kind: 'http_error' | 'no_token' | 'rate_limited', over = {}) => ({
  pullRequest: beingOpened,
  forgeFailures: [{ kind, message: 'GitHub says no', count: 1, since: T0, lastAt: T0, ...over }],
});

rows(pullRequestOpen, T0, [
  {
    situation: 'an open merge request of a rig on a forge becomes a pull request',
    town: open(),
    decides: ['mergeRequest m'],
    reason: 'a pull request of gt/a into main is asked for',
  },
  {
    situation: 'one of a town that merges directly does not',
    town: open({}, [rig({ gitUrl: 'https://github.com/owner/repository.git' })]),
  },
  {
    situation: 'one on a plain git remote does not, whatever the settings say',
    town: open({}, [rig({ config: { mergeStrategy: 'pr' } })]),
  },
  {
    situation: 'a rig from before forges were known is on the one that its address names',
    town: open({}, [rig({ gitUrl: 'git@github.com:owner/r.git', config: { mergeStrategy: 'pr' } })]),
    decides: ['mergeRequest m'],
  },
  ...(['queued', 'checking', 'reviewing', 'merging'] as const).map((stage) => ({
    situation: `one that is ${stage} is not opened`,
    town: open({ stage }),
  })),
  {
    situation: 'one that has a pull request is not opened again',
    town: { ...open(), mergeRequests: [asPullRequest('m', 'a')] },
  },
  {
    situation: 'one that is being opened is waited for',
    town: { ...open({ pullRequest: beingOpened }), outbox: [opening] },
    waits: ['mergeRequest m: progressing on the forge'],
  },
  {
    situation: 'after a failure of the forge it is asked again after a pause',
    town: open(failed('http_error')),
    afterMs: seconds(5) - 1,
    reason: 'GitHub says no',
    waits: ['mergeRequest m: waiting on http_error'],
    dueAfterMs: seconds(5),
  },
  {
    situation: 'when the pause is over it is asked for once more',
    town: open(failed('http_error')),
    afterMs: seconds(5),
    decides: ['mergeRequest m'],
  },
  {
    situation: 'a missing token is for people; what they repair goes on by itself',
    town: open(failed('no_token')),
    afterMs: minutes(15) - 1,
    waits: ['mergeRequest m: needs_attention on no_token'],
    dueAfterMs: minutes(15),
  },
  {
    situation: 'a limit of the forge is waited for, however often it was met',
    town: open(failed('rate_limited', { count: 99, until: T0 + minutes(50) })),
    afterMs: minutes(20),
    waits: ['mergeRequest m: waiting on rate_limited'],
    dueAfterMs: minutes(50),
  },
]);

test('every try is an effect of its own', () => {
  const outcome = runRules([pullRequestOpen], town(open(failed('http_error'))), minutes(1));
  expect(outcome.outbox.put.map(({ key }) => key)).toEqual(['open_pull_request:m:2']);
});
