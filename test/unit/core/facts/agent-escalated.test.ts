import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import {
  agent,
  escalation,
  mergeRequest,
  reviewedBead,
  reviewer,
  triageRequest,
  workedBead,
  worker,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const escalate: InboxStatement = {
  type: 'agent_escalated',
  escalationId: 'e',
  agentId: 'x',
  attempt: 1,
  severity: 'high',
  title: 'No access',
  text: 'The remote refuses me.',
};
const work = { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')] };
const opens = ['escalation e: → open'];
const opensAndAsks = [...opens, 'triageRequest 019b76da-a800-77fb-a935-c21ef2f0b0cf: → open'];

rows([
  {
    situation: 'an agent asks for help',
    town: { ...work, inbox: [escalate] },
    applied: 1,
    decides: opensAndAsks,
    reason: 'x: No access',
  },
  {
    situation: 'though its session has just ended: nobody has to decide about that',
    town: { agents: [agent('x', { attempt: 1 })], inbox: [escalate] },
    applied: 1,
    decides: opens,
  },
  {
    situation: 'an earlier session of it',
    town: { ...work, agents: [worker('x', 'a', { attempt: 2 })], inbox: [escalate] },
    stale: 1,
  },
  { situation: 'no such agent', town: { inbox: [escalate] }, stale: 1 },
  {
    situation: 'an agent that asks again and again is heard ten times',
    town: {
      ...work,
      escalations: Array.from({ length: 10 }, (_, n) => escalation(`e${n}`, { agentId: 'x' })),
      inbox: [escalate],
    },
    stale: 1,
  },
  {
    situation: 'what others ask for does not count against it',
    town: {
      ...work,
      escalations: Array.from({ length: 10 }, (_, n) => escalation(`e${n}`, { agentId: 'y' })),
      inbox: [escalate],
    },
    applied: 1,
    decides: opensAndAsks,
  },
  {
    situation: 'triage is asked about a session once',
    town: {
      ...work,
      triageRequests: [triageRequest('t', { type: 'escalation', agentId: 'x', attempt: 1 })],
      inbox: [escalate],
    },
    applied: 1,
    decides: opens,
  },
  {
    situation: 'triage itself asks the mayor and people, not triage',
    town: {
      agents: [
        worker('x', '', { role: 'triage', hook: { kind: 'triageRequest', id: 't' } }),
        agent('y', { status: 'working', attempt: 1, hook: { kind: 'bead', id: 'a' } }),
      ],
      beads: [workedBead('a', 'y')],
      triageRequests: [triageRequest('t', { agentId: 'y', attempt: 1, assigneeAgentId: 'x' })],
      inbox: [escalate],
    },
    applied: 1,
    decides: opens,
  },
  {
    situation: 'that the tool said twice',
    town: { ...work, escalations: [escalation('e')], inbox: [escalate] },
    stale: 1,
  },
]);

const toMayor = (over: Partial<typeof escalate>) =>
  left({ ...work, inbox: [{ ...escalate, ...over }] })
    .filter(({ kind }) => kind === 'mail')
    .map((mail) => ('mode' in mail ? mail.mode : undefined));

test('the mayor is told: at once of what is urgent, with the next thing of the rest, and not of what is not', () => {
  expect(toMayor({ severity: 'critical' })).toEqual(['wait-idle']);
  expect(toMayor({ severity: 'high' })).toEqual(['wait-idle']);
  expect(toMayor({ severity: 'medium' })).toEqual(['queue']);
  expect(toMayor({ severity: 'low' })).toEqual([]);
});

test('it says what the agent worked on', () => {
  const made = (parts: Parameters<typeof left>[0]) => left(parts).filter(({ kind }) => kind === 'escalation');
  expect(made({ ...work, inbox: [escalate] })).toMatchObject([
    {
      op: 'create',
      kind: 'escalation',
      severity: 'high',
      title: 'No access',
      text: 'The remote refuses me.',
      agentId: 'x',
      beadId: 'a',
      rigId: 'rig',
    },
  ]);
  const review = {
    beads: [reviewedBead('a')],
    mergeRequests: [mergeRequest('m', 'a', { stage: 'reviewing', reviewerAgentId: 'x' })],
    agents: [reviewer('x', 'm')],
  };
  expect(made({ ...review, inbox: [escalate] })).toMatchObject([{ beadId: 'a', rigId: 'rig' }]);
  const mayor = agent('x', { role: 'mayor', rigId: '', status: 'working', attempt: 1 });
  expect(made({ agents: [mayor], inbox: [escalate] })).toMatchObject([
    { beadId: undefined, rigId: undefined },
  ]);
});

test('triage is told what the agent says, and of whom', () => {
  const [request] = left({ ...work, inbox: [escalate] }).filter(({ kind }) => kind === 'triageRequest');
  expect(request).toMatchObject({
    type: 'escalation',
    title: 'No access',
    text: 'The remote refuses me.',
    agentId: 'x',
    attempt: 1,
    beadId: 'a',
    rigId: 'rig',
    escalationId: 'e',
  });
});
