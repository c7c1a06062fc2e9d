import { expect, test } from 'vitest';
import { convoyProgress } from '../../../../core/rules/convoy-progress.ts';
import { minutes } from '../../../../core/town/instant.ts';
import { bead, convoy, landing, mergeRequest, reviewedBead, runRules, T0, town } from '../town-builder.ts';
import { rows } from './rows.ts';

const edge = (id: string, outcome: 'open' | 'closed' | 'failed') => ({ id, outcome });
const CLOSED = [edge('x', 'closed'), edge('y', 'closed')];
const failedLanding = (landingAttempts: number) =>
  convoy('k', {
    state: 'landing',
    beads: CLOSED,
    landingAttempts,
    lastLandingFailedAt: T0,
    attention: { code: 'conflict', message: 'conflicts with main' },
  });

rows(convoyProgress, T0, [
  {
    situation: 'a staged convoy waits for a person',
    town: { convoys: [convoy('k', { state: 'staged' })] },
    waits: ['convoy k: waiting on start'],
    dueAfterMs: null,
  },
  {
    situation: 'a convoy goes on while beads are open',
    town: { beads: [bead('a')], convoys: [convoy('k', { beads: [edge('a', 'open'), edge('x', 'closed')] })] },
    reason: '1 of 2 beads closed',
    waits: ['convoy k: progressing on beads'],
  },
  {
    situation: 'a convoy that is being closed does not land any more',
    town: { convoys: [convoy('k', { beads: CLOSED, closing: { by: 'ann', reason: 'closed by ann' } })] },
    waits: [],
  },
  {
    situation: 'an empty convoy does not land',
    town: { convoys: [convoy('k')] },
    waits: ['convoy k: waiting on beads'],
  },
  {
    situation: 'a failed bead needs a person, though others are open',
    town: { beads: [bead('a')], convoys: [convoy('k', { beads: [edge('a', 'open'), edge('x', 'failed')] })] },
    decides: ['convoy k: active → needs_attention'],
    reason: '1 of 2 beads failed',
    waits: ['convoy k: needs_attention on a person'],
    dueAfterMs: null,
  },
  {
    situation: 'when every bead is closed, the feature branch is queued to land',
    town: { convoys: [convoy('k', { beads: CLOSED })] },
    decides: [expect.stringMatching(/^mergeRequest .*: → queued$/), 'convoy k: active → landing'],
    reason: 'all 2 beads are closed',
    waits: ['convoy k: progressing on landing'],
  },
  {
    situation: 'beads that merged straight to the default branch need no landing',
    town: { convoys: [convoy('k', { mode: 'review-and-merge', beads: CLOSED })] },
    decides: ['convoy k: active → landed'],
    waits: [],
  },
  {
    situation: 'a landing is waited for',
    town: {
      convoys: [convoy('k', { state: 'landing', beads: CLOSED, landingMergeRequestId: 'm' })],
      mergeRequests: [landing('m', 'k', { stage: 'reviewing' })],
    },
    afterMs: minutes(600),
    reason: 'its landing merge request is reviewing',
    waits: ['convoy k: progressing on landing'],
    dueAfterMs: null,
  },
  {
    situation: 'what kept its landing from being merged is repaired: it lands again',
    town: {
      convoys: [convoy('k', { state: 'active', beads: CLOSED, landingMergeRequestId: 'm' })],
      mergeRequests: [landing('m', 'k', { stage: 'open' })],
    },
    decides: ['convoy k: active → landing'],
    reason: 'what kept it from landing is repaired',
    waits: ['convoy k: progressing on landing'],
  },
  {
    situation: 'a landing that failed is tried again after a pause',
    town: { convoys: [failedLanding(2)] },
    afterMs: minutes(2) - 1,
    reason: 'landing failed (conflicts with main); trying again',
    waits: ['convoy k: waiting on cooldown'],
    dueAfterMs: minutes(2),
  },
  {
    situation: 'after the pause it is queued again, without entering its state anew',
    town: { convoys: [failedLanding(2)] },
    afterMs: minutes(2),
    decides: [expect.stringMatching(/^mergeRequest .*: → queued$/)],
  },
  {
    situation: 'after five failed landings a person is needed',
    town: { convoys: [failedLanding(5)] },
    afterMs: minutes(600),
    decides: ['convoy k: landing → needs_attention'],
    reason: 'landing failed 5 times; the last time: conflicts with main',
  },
  {
    situation: 'a branch without work does not land, and is not tried again',
    town: {
      convoys: [{ ...failedLanding(1), attention: { code: 'no_work_produced', message: 'nothing to land' } }],
    },
    decides: ['convoy k: landing → needs_attention'],
    reason: 'nothing to land',
  },
  {
    situation: 'what needs a person waits for one',
    town: {
      convoys: [
        convoy('k', { state: 'needs_attention', attention: { code: 'failed_beads', message: '1 failed' } }),
      ],
    },
    reason: '1 failed',
    waits: ['convoy k: needs_attention on a person'],
    dueAfterMs: null,
  },
]);

test('a landing carries the feature branch to the default branch, at whatever head it has then', () => {
  const { changes } = runRules([convoyProgress], town({ convoys: [convoy('k', { beads: CLOSED })] }));
  expect(changes).toMatchObject([
    { op: 'update', kind: 'convoy', record: { state: 'landing', stateSince: T0 } },
    {
      op: 'create',
      kind: 'mergeRequest',
      record: {
        branch: 'convoy/k/head',
        target: 'main',
        headSha: undefined,
        subject: { kind: 'convoy', id: 'k' },
      },
    },
  ]);
});

test('convoys do not hold up each other', () => {
  const beads = [reviewedBead('a', { convoyId: 'one' })];
  const convoys = [convoy('one', { beads: [edge('a', 'open')] }), convoy('two', { beads: CLOSED })];
  const outcome = runRules(
    [convoyProgress],
    town({ beads, convoys, mergeRequests: [mergeRequest('m', 'a')] }),
  );
  expect(outcome.decisions.map(({ subject }) => subject.id)).toContain('two');
});
