import { expect, test } from 'vitest';
import { agentLost } from '../../../../core/rules/agent-lost.ts';
import { minutes } from '../../../../core/town/instant.ts';
import {
  agent,
  CANDIDATE,
  container,
  mergeRequest,
  observed,
  report,
  reviewedBead,
  reviewer,
  runRules,
  T0,
  town,
  workedBead,
  worker,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const work = { beads: [workedBead('a', 'toast')], agents: [worker('toast', 'a')] };
const review = {
  beads: [reviewedBead('a')],
  agents: [reviewer('ref', 'm')],
  mergeRequests: [
    mergeRequest('m', 'a', {
      stage: 'reviewing',
      candidate: CANDIDATE,
      reviewerAgentId: 'ref',
      reviewAttempt: 1,
    }),
  ],
};
const running = container('running', { since: T0 });

rows(agentLost, T0, [
  {
    situation: 'no container runs: the agent starts when it does',
    town: { ...work, container: container('starting') },
    afterMs: minutes(60),
    reason: 'toast starts when the container runs (it is starting)',
    waits: ['bead a: waiting on container'],
    dueAfterMs: null,
  },
  {
    situation: 'the container reports its session',
    town: { ...work, container: running, observed: observed({ agents: [report('toast', 'working')] }) },
    afterMs: minutes(60),
    waits: [],
    dueAfterMs: null,
  },
  {
    situation: 'a running container has not reported it yet',
    town: { ...work, container: running, observed: observed() },
    afterMs: minutes(5) - 1,
    reason: 'toast is starting',
    waits: ['bead a: progressing on agent'],
    dueAfterMs: minutes(5),
  },
  {
    situation: 'what is reported is of an earlier session of the agent',
    town: {
      ...work,
      container: running,
      observed: observed({ agents: [report('toast', 'working', { attempt: 9 })] }),
    },
    afterMs: 1,
    reason: 'toast is starting',
    dueAfterMs: minutes(5),
  },
  {
    situation: 'a running container has not reported it for five minutes: the bead is open again',
    town: { ...work, container: running, observed: observed() },
    afterMs: minutes(5),
    decides: ['bead a: in_progress → open'],
    reason: 'toast did not start within 5 minutes',
    waits: [],
  },
  {
    situation: 'the five minutes count from when the container runs',
    town: { ...work, container: container('running', { since: T0 + minutes(3) }), observed: observed() },
    afterMs: minutes(5),
    dueAfterMs: minutes(8),
  },
  {
    situation: 'a reviewer that did not start is given up',
    town: { ...review, container: running, observed: observed() },
    afterMs: minutes(5),
    decides: ['agent ref: working → idle'],
    reason: 'ref did not start within 5 minutes',
  },
  {
    situation: 'an idle agent is nobody’s concern',
    town: { container: running },
    afterMs: minutes(60),
    waits: [],
  },
]);

test('a mayor that never starts counts as broken: the next session waits', () => {
  const mayor = agent('may', { role: 'mayor', rigId: '', status: 'working', attempt: 1, dispatchedAt: T0 });
  const { changes, head } = runRules(
    [agentLost],
    town({ agents: [mayor], container: running, observed: observed() }),
    minutes(5),
  );
  expect(changes).toMatchObject([{ record: { status: 'idle', failures: 1, lastFailedAt: T0 + minutes(5) } }]);
  // Nobody was dispatched for work.
  expect(head.breaker).toBeUndefined();
});
