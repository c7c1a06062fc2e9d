import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { claimedBead, reviewedBead, T0, workedBead, worker } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const done: InboxStatement = {
  type: 'agent_done',
  agentId: 'x',
  beadId: 'a',
  attempt: 1,
  branch: 'gt/a',
  summary: 's',
};
const wrong = { ...done, branch: 'main' };
const work = { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')] };

rows([
  {
    situation: 'a claim of the agent that works on the bead is verified',
    town: { ...work, inbox: [done] },
    applied: 1,
    decides: ['bead a'],
    reason: 'x says it is done on gt/a; verifying',
  },
  {
    situation: 'said twice, it is one claim',
    town: { ...work, inbox: [done, done] },
    applied: 1,
    stale: 1,
    decides: ['bead a'],
  },
  {
    situation: 'of an earlier session',
    town: { ...work, agents: [worker('x', 'a', { attempt: 2 })], inbox: [done] },
    stale: 1,
  },
  {
    situation: 'of an agent that works on something else now',
    town: {
      beads: [workedBead('a', 'y'), workedBead('b', 'x')],
      agents: [worker('x', 'b'), worker('y', 'a')],
      inbox: [done],
    },
    stale: 1,
  },
  { situation: 'of a bead that has ended', town: { agents: [], inbox: [done] }, stale: 1 },
  {
    situation: 'while a claim is being verified',
    town: { ...work, beads: [claimedBead('a', 'x')], inbox: [done] },
    stale: 1,
  },
  {
    situation: 'of a bead that is in review',
    town: { beads: [reviewedBead('a')], agents: [worker('x', 'a')], inbox: [done] },
    stale: 1,
  },
  {
    situation: 'a claim for another branch is refused, and the agent told so',
    town: { ...work, inbox: [wrong] },
    applied: 1,
    decides: ['bead a'],
    reason: 'your branch is gt/a, not main',
  },
  {
    situation: 'a bead whose steps are not all finished is not done',
    town: {
      ...work,
      beads: [
        workedBead('a', 'x', {
          molecule: { steps: [{ title: 'Look' }, { title: 'Leap' }], summaries: ['did'] },
        }),
      ],
      inbox: [done],
    },
    applied: 1,
    decides: ['bead a'],
    reason: 'claim to be done refused: step 2 of 2 (Leap) is not finished',
  },
  {
    situation: 'one whose steps are all finished is',
    town: {
      ...work,
      beads: [workedBead('a', 'x', { molecule: { steps: [{ title: 'Look' }], summaries: ['did'] } })],
      inbox: [done],
    },
    applied: 1,
    decides: ['bead a'],
    reason: 'verifying',
  },
  {
    situation: 'the third refused claim ends the attempt',
    town: { ...work, beads: [workedBead('a', 'x', { doneRefusals: 2 })], inbox: [wrong] },
    applied: 1,
    decides: ['bead a: in_progress → open'],
    reason: 'refused 3 times',
  },
]);

test('a claim is kept with what it says, without a job', () => {
  expect(left({ ...work, inbox: [done] })).toMatchObject([
    {
      id: 'a',
      status: 'in_progress',
      done: { agentId: 'x', branch: 'gt/a', summary: 's', at: T0, jobErrors: 0 },
    },
  ]);
});

test('a refusal is said to the session, and kept for the next attempt', () => {
  expect(left({ ...work, inbox: [wrong] })).toMatchObject([
    { kind: 'bead', doneRefusals: 1, feedback: expect.stringContaining('your branch is gt/a') },
    { kind: 'mail', agentId: 'x', attempt: 1, text: expect.stringContaining('gt_done was refused') },
  ]);
});

test('when the attempt ends, its agent is free', () => {
  const beads = [workedBead('a', 'x', { doneRefusals: 2 })];
  expect(left({ ...work, beads, inbox: [wrong] })).toMatchObject([
    { kind: 'bead', status: 'open', doneRefusals: 0, cooldownFrom: T0, assigneeAgentId: undefined },
    { kind: 'agent', status: 'idle', hook: undefined },
  ]);
});
