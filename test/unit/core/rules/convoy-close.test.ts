import { expect, test } from 'vitest';
import { convoyClose } from '../../../../core/rules/convoy-close.ts';
import type { MergeRequest } from '../../../../core/town/merge-request.ts';
import {
  agent,
  bead,
  CANDIDATE,
  convoy,
  landing,
  mergeRequest,
  reviewedBead,
  reviewer,
  runRules,
  T0,
  town,
  type TownParts,
  workedBead,
  worker,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const edge = (id: string, outcome: 'open' | 'closed' = 'open') => ({ id, outcome });
const closing = { by: 'ann', reason: 'closed by ann: no need' };
const of = (...beads: ReturnType<typeof edge>[]) => convoy('k', { closing, beads });
const mine = { convoyId: 'k' };
const closes = 'convoy k: active → closed';
const inReview = (stage: MergeRequest['stage']): TownParts => ({
  beads: [reviewedBead('a', mine), bead('b', { ...mine, dependsOn: [edge('a')] })],
  mergeRequests: [mergeRequest('m', 'a', { stage, candidate: CANDIDATE, jobId: 'j' })],
  convoys: [of(edge('a'), edge('b'))],
});
const waits = ['convoy k: waiting on merge'];

rows(convoyClose, T0, [
  {
    situation: 'nobody closes it',
    town: { beads: [bead('a', mine)], convoys: [convoy('k', { beads: [edge('a')] })] },
    waits: [],
  },
  {
    situation: 'an empty one',
    town: { convoys: [of()] },
    decides: [closes],
    reason: 'closed by ann: no need',
  },
  {
    situation: 'what is open and what is worked on is cancelled',
    town: {
      beads: [bead('a', mine), workedBead('b', 'x', mine), bead('c')],
      agents: [worker('x', 'b')],
      convoys: [of(edge('a'), edge('b'))],
    },
    decides: ['bead a: open → failed', 'bead b: in_progress → failed', closes],
  },
  {
    situation: 'what is under review ends with its merge request',
    town: inReview('checking'),
    decides: [
      'mergeRequest m: checking → failed',
      'bead a: in_review → failed',
      'bead b: open → failed',
      closes,
    ],
  },
  {
    situation: 'a merge that is under way is waited for; the others end',
    town: inReview('merging'),
    decides: ['bead b: open → failed'],
    waits,
  },
  {
    situation: 'a landing ends',
    town: {
      convoys: [{ ...of(edge('a', 'closed')), state: 'landing', landingMergeRequestId: 'm' }],
      mergeRequests: [landing('m', 'k', { stage: 'reviewing', reviewerAgentId: 'ref' })],
      agents: [reviewer('ref', 'm')],
    },
    decides: ['mergeRequest m: reviewing → failed', 'convoy k: landing → closed'],
  },
  {
    situation: 'a landing that is being merged is waited for',
    town: {
      convoys: [{ ...of(edge('a', 'closed')), state: 'landing', landingMergeRequestId: 'm' }],
      mergeRequests: [landing('m', 'k', { stage: 'merging', candidate: CANDIDATE })],
    },
    reason: 'a merge is under way',
    waits,
  },
  {
    situation: 'in a paused town that merge waits for somebody',
    town: {
      head: { lifecycle: 'paused' },
      convoys: [{ ...of(edge('a', 'closed')), state: 'landing', landingMergeRequestId: 'm' }],
      mergeRequests: [landing('m', 'k', { stage: 'merging', candidate: CANDIDATE })],
    },
    reason: 'resumes the town',
    waits,
  },
  {
    situation: 'a paused town closes convoys, too',
    town: { head: { lifecycle: 'paused' }, beads: [bead('a', mine)], convoys: [of(edge('a'))] },
    decides: ['bead a: open → failed', closes],
  },
]);

test('what is left says who closed it', () => {
  const { changes, history } = runRules(
    [convoyClose],
    town({
      beads: [workedBead('a', 'x', mine)],
      agents: [worker('x', 'a'), agent('y')],
      convoys: [of(edge('a'))],
    }),
  );
  expect(changes).toMatchObject([
    { kind: 'agent', record: { id: 'x', status: 'idle' } },
    { op: 'archive', kind: 'bead', record: { status: 'failed', failure: { code: 'convoy_closed' } } },
    {
      op: 'archive',
      kind: 'convoy',
      record: { state: 'closed', closing: undefined, closedAt: T0, beads: [{ outcome: 'failed' }] },
    },
  ]);
  expect(history).toMatchObject([{ kind: 'attempt', outcome: 'cancelled', reason: closing.reason }]);
});
