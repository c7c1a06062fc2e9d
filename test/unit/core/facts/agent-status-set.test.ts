import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import {
  agent,
  bead,
  container,
  observed,
  report,
  step,
  T0,
  town,
  workedBead,
  worker,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const status: InboxStatement = { type: 'agent_status_set', agentId: 'x', attempt: 1, text: 'Writing tests.' };
const work = { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')] };

rows([
  {
    situation: 'an agent says what it is doing',
    town: { ...work, inbox: [status] },
    applied: 1,
    decides: ['agent x'],
    reason: 'x: Writing tests.',
  },
  { situation: 'an earlier session of it', town: { ...work, inbox: [{ ...status, attempt: 0 }] }, stale: 1 },
  {
    situation: 'one that is over',
    town: { agents: [agent('x', { attempt: 1 })], inbox: [status] },
    stale: 1,
  },
  { situation: 'no such agent', town: { inbox: [status] }, stale: 1 },
]);

test('it stands in its record, and in what its bead waits for', () => {
  expect(left({ ...work, inbox: [status] })).toMatchObject([
    { kind: 'agent', id: 'x', statusMessage: 'Writing tests.', statusMessageAt: T0 },
  ]);
  const running = {
    container: container('running'),
    observed: observed({ agents: [report('x', 'working')] }),
  };
  const { waits } = step(town({ ...work, ...running, inbox: [status] }));
  expect(waits.find(({ rule }) => rule === 'agent/patrol')?.reason).toBe(
    'x works on it (its session 1 is working): Writing tests.',
  );
});

test('the next session begins without it', () => {
  const idle = agent('x', { statusMessage: 'Writing tests.', statusMessageAt: T0 });
  const { changes } = step(town({ beads: [bead('a')], agents: [idle] }));
  const agents = changes.flatMap((change) =>
    change.kind === 'agent' && change.op === 'update' ? [change.record] : [],
  );
  expect(agents).toMatchObject([{ status: 'working', statusMessage: undefined }]);
});
