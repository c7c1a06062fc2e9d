import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { agent, applyFacts, bead, claimedBead, mail, runRules, T0, town } from '../town-builder.ts';
import { beadDispatch } from '../../../../core/rules/bead-dispatch.ts';
import { left, rows } from './rows.ts';
import { atWork, inReview } from './sessions.ts';

const stop: InboxStatement = { type: 'agent_stopped', agentId: 'x', by: 'ann' };
const work = atWork();
const review = inReview(2);
const stops = ['bead a: in_progress → open', 'agent x: working → idle'];

rows([
  {
    situation: 'a worker stops',
    town: { ...work, inbox: [stop] },
    applied: 1,
    decides: stops,
    reason: 'stopped by ann',
  },
  {
    situation: 'one whose claim is being verified: the claim goes, too',
    town: { ...work, beads: [claimedBead('a', 'x')], inbox: [stop] },
    applied: 1,
    decides: stops,
  },
  {
    situation: 'a reviewer stops',
    town: { ...review, inbox: [stop] },
    applied: 1,
    decides: ['agent x: working → idle'],
  },
  {
    situation: 'while the town is paused',
    town: { ...work, head: { lifecycle: 'paused' }, inbox: [stop] },
    applied: 1,
    decides: stops,
  },
  { situation: 'an idle one', town: { agents: [agent('x')], inbox: [stop] }, stale: 1 },
  { situation: 'no such agent', town: { inbox: [stop] }, stale: 1 },
  {
    situation: 'twice is once',
    town: { ...work, inbox: [stop, stop] },
    applied: 1,
    stale: 1,
    decides: stops,
  },
  {
    situation: 'one that has just said that it is done: it stops all the same',
    town: {
      ...work,
      inbox: [{ type: 'agent_done', agentId: 'x', beadId: 'a', attempt: 1, branch: 'gt/a' }, stop],
    },
    applied: 2,
    decides: ['bead a', ...stops],
  },
  {
    situation: 'what it says afterwards counts for nothing',
    town: {
      ...work,
      inbox: [stop, { type: 'agent_done', agentId: 'x', beadId: 'a', attempt: 1, branch: 'gt/a' }],
    },
    applied: 1,
    stale: 1,
    decides: stops,
  },
]);

test('its bead is held, and goes on later with its branch; the attempt does not count', () => {
  const parts = { ...work, beads: [claimedBead('a', 'x')], inbox: [stop] };
  expect(left(parts)).toMatchObject([
    {
      kind: 'bead',
      isHeld: true,
      branch: 'gt/a',
      attempt: 1,
      attemptBase: 1,
      done: undefined,
      cooldownFrom: undefined,
      assigneeAgentId: undefined,
    },
    { kind: 'agent', status: 'idle', hook: undefined },
  ]);
});

test('a bead whose workers people stopped five times is not given up', () => {
  const beads = [bead('a', { attempt: 5, attemptBase: 5, branch: 'gt/a' })];
  const { decisions } = runRules([beadDispatch], town({ beads }));
  expect(decisions).toMatchObject([{ to: 'in_progress' }]);
});

test('the next review starts after a pause', () => {
  expect(left({ ...review, inbox: [stop] })).toMatchObject([
    { kind: 'mergeRequest', stage: 'reviewing', reviewerAgentId: undefined, reviewCooldownFrom: T0 },
    { kind: 'agent', status: 'idle' },
  ]);
});

test('a mayor that is stopped forgets what it was asked, as much as a step has room for', () => {
  const mayor = agent('x', { role: 'mayor', rigId: '', status: 'working', attempt: 1, dispatchedAt: T0 });
  const mails = Array.from({ length: 200 }, (_, n) => mail(`m${n}`, 'x'));
  const few = applyFacts(town({ agents: [mayor], mails: mails.slice(0, 3), inbox: [stop] }));
  expect(few.changes.map(({ op, kind }) => `${op} ${kind}`)).toEqual([
    'update agent',
    ...Array.from({ length: 3 }, () => 'delete mail'),
  ]);
  const many = applyFacts(town({ agents: [mayor], mails, inbox: [stop] }));
  expect(many.changes.length).toBeLessThanOrEqual(80);
  expect(many.changes.length).toBeGreaterThan(60);
});
