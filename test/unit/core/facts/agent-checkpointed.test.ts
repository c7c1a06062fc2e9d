import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import {
  agent,
  bead,
  mergeRequest,
  reviewedBead,
  reviewer,
  step,
  town,
  workedBead,
  worker,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const kept: InboxStatement = {
  type: 'agent_checkpointed',
  agentId: 'x',
  attempt: 1,
  beadId: 'a',
  data: 'half of it is done',
};
const work = { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')] };

rows([
  { situation: 'a worker keeps what it knows', town: { ...work, inbox: [kept] }, applied: 1 },
  { situation: 'an earlier session of it', town: { ...work, inbox: [{ ...kept, attempt: 0 }] }, stale: 1 },
  {
    situation: 'a session that is over',
    town: { beads: [bead('a')], agents: [agent('x', { attempt: 1 })], inbox: [kept] },
    stale: 1,
  },
  {
    situation: 'of a bead that another one works on',
    town: {
      beads: [workedBead('a', 'y'), workedBead('b', 'x')],
      agents: [worker('x', 'b'), worker('y', 'a')],
      inbox: [kept],
    },
    stale: 1,
  },
  {
    situation: 'a reviewer has none',
    town: {
      beads: [reviewedBead('a')],
      agents: [reviewer('x', 'm')],
      mergeRequests: [mergeRequest('m', 'a', { stage: 'reviewing', reviewerAgentId: 'x' })],
      inbox: [kept],
    },
    stale: 1,
  },
  { situation: 'of a bead that is gone', town: { inbox: [kept] }, stale: 1 },
]);

test('the last one counts', () => {
  const later = { ...kept, data: 'all of it is done' };
  expect(left({ ...work, inbox: [kept, later] })).toMatchObject([
    { kind: 'bead', id: 'a', checkpoint: { agentId: 'x', data: 'all of it is done' } },
  ]);
});

const open = bead('a', { branch: 'gt/a', attempt: 1, checkpoint: { agentId: 'x', data: 'half' } });

test.each([
  {
    of: 'the agent that kept it, rather than the first idle one',
    agents: [agent('w'), agent('x')],
    taker: 'x',
    isKept: true,
  },
  { of: 'another one, for which it is not', agents: [agent('w')], taker: 'w', isKept: false },
  {
    of: 'another one while that is busy',
    agents: [worker('x', 'b'), agent('w')],
    taker: 'w',
    isKept: false,
  },
])('an open bead is taken by $of', ({ agents, taker, isKept }) => {
  const { changes } = step(town({ beads: [open, workedBead('b', 'x')], agents }));
  const [taken] = changes.flatMap((change) =>
    change.kind === 'bead' && change.op === 'update' && change.record.id === 'a' ? [change.record] : [],
  );
  expect(taken).toMatchObject({ assigneeAgentId: taker });
  expect(taken?.checkpoint?.data).toBe(isKept ? 'half' : undefined);
});

test('it ends with the bead', () => {
  const cancel: InboxStatement = { type: 'bead_cancelled', beadId: 'a', as: 'closed', by: 'ann' };
  const [ended] = left({ beads: [{ ...open, isHeld: true }], inbox: [cancel] });
  expect(ended).toMatchObject({ op: 'archive', checkpoint: undefined });
});
