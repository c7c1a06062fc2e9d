import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import {
  agent,
  escalation,
  mergeRequest,
  reviewedBead,
  reviewer,
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

rows([
  {
    situation: 'an agent asks for help',
    town: { ...work, inbox: [escalate] },
    applied: 1,
    decides: opens,
    reason: 'x: No access',
  },
  {
    situation: 'though its session has just ended',
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
    situation: 'that the tool said twice',
    town: { ...work, escalations: [escalation('e')], inbox: [escalate] },
    stale: 1,
  },
]);

test('it says what the agent worked on', () => {
  expect(left({ ...work, inbox: [escalate] })).toMatchObject([
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
  expect(left({ ...review, inbox: [escalate] })).toMatchObject([{ beadId: 'a', rigId: 'rig' }]);
  const mayor = agent('x', { role: 'mayor', rigId: '', status: 'working', attempt: 1 });
  expect(left({ agents: [mayor], inbox: [escalate] })).toMatchObject([
    { beadId: undefined, rigId: undefined },
  ]);
});
