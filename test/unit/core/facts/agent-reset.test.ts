import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { agent, claimedBead } from '../town-builder.ts';
import { left, rows } from './rows.ts';
import { atWork, inReview } from './sessions.ts';

const reset: InboxStatement = { type: 'agent_reset', agentId: 'x', by: 'ann' };
const work = atWork(4);
const review = inReview(4);
const ends = ['bead a: in_progress → open', 'agent x: working → idle'];

rows([
  {
    situation: "a worker's session ends",
    town: { ...work, inbox: [reset] },
    applied: 1,
    decides: ends,
    reason: 'reset by ann',
  },
  {
    situation: 'though its claim is being verified',
    town: { ...work, beads: [claimedBead('a', 'x')], inbox: [reset] },
    applied: 1,
    decides: ends,
  },
  {
    situation: "a reviewer's, too",
    town: { ...review, inbox: [reset] },
    applied: 1,
    decides: ['agent x: working → idle'],
  },
  { situation: 'an idle one has nothing to reset', town: { agents: [agent('x')], inbox: [reset] }, stale: 1 },
  { situation: 'no such agent', town: { inbox: [reset] }, stale: 1 },
]);

test('the work starts again at once with a fresh count', () => {
  expect(left({ ...work, inbox: [reset] })).toMatchObject([
    { kind: 'bead', isHeld: false, attempt: 4, attemptBase: 4, cooldownFrom: undefined, branch: 'gt/a' },
    { kind: 'agent', status: 'idle' },
  ]);
  expect(left({ ...review, inbox: [reset] })).toMatchObject([
    {
      kind: 'mergeRequest',
      reviewAttempt: 0,
      reviewCooldownFrom: undefined,
      reviewerAgentId: undefined,
    },
    { kind: 'agent', status: 'idle' },
  ]);
});
