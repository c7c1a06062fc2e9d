import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { agent, bead, workedBead, worker } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const molecule = { steps: [{ title: 'Look' }, { title: 'Leap' }], summaries: [] as string[] };
const advanced = (step: number): InboxStatement => ({
  type: 'agent_advanced',
  agentId: 'x',
  attempt: 1,
  beadId: 'a',
  step,
  summary: `did ${step}`,
});
const work = { beads: [workedBead('a', 'x', { molecule })], agents: [worker('x', 'a')] };

rows([
  {
    situation: 'the first step is finished',
    town: { ...work, inbox: [advanced(0)] },
    applied: 1,
    decides: ['bead a'],
    reason: 'x has finished step 1 of 2: Look',
  },
  {
    situation: 'said twice, it is finished once',
    town: { ...work, inbox: [advanced(0), advanced(0)] },
    applied: 1,
    stale: 1,
    decides: ['bead a'],
  },
  { situation: 'a later step comes later', town: { ...work, inbox: [advanced(1)] }, stale: 1 },
  {
    situation: 'both, one after the other',
    town: { ...work, inbox: [advanced(0), advanced(1)] },
    applied: 2,
    decides: ['bead a', 'bead a'],
  },
  {
    situation: 'after the last one there is none',
    town: { ...work, inbox: [advanced(0), advanced(1), advanced(2)] },
    applied: 2,
    stale: 1,
    decides: ['bead a', 'bead a'],
  },
  {
    situation: 'of a bead without steps',
    town: { ...work, beads: [workedBead('a', 'x')], inbox: [advanced(0)] },
    stale: 1,
  },
  {
    situation: 'of a session that is over',
    town: { beads: [bead('a', { molecule })], agents: [agent('x', { attempt: 1 })], inbox: [advanced(0)] },
    stale: 1,
  },
  { situation: 'of a bead that is gone', town: { inbox: [advanced(0)] }, stale: 1 },
]);

test('what was said of each step is kept', () => {
  expect(left({ ...work, inbox: [advanced(0), advanced(1)] })).toMatchObject([
    { id: 'a', molecule: { steps: molecule.steps, summaries: ['did 0', 'did 1'] } },
  ]);
});
