import { expect, test } from 'vitest';
import { agentPatrol } from '../../../../core/rules/agent-patrol.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import {
  agent,
  CANDIDATE,
  claimedBead,
  container,
  mergeRequest,
  observed,
  report,
  reviewedBead,
  reviewer,
  runRules,
  T0,
  town,
  type TownParts,
  triageRequest,
  workedBead,
  worker,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const others = (count: number) =>
  Array.from({ length: count }, (_, n) => triageRequest(`t${n}`, { agentId: `other${n}` }));
const iso = (afterMs: number): string => new Date(T0 + afterMs).toISOString();
const running = container('running');
const at = (
  agents: NonNullable<TownParts['agents']>,
  over: Parameters<typeof report>[2] = {},
): TownParts => ({
  beads: [workedBead('a', 'toast')],
  agents,
  container: running,
  observed: observed({ agents: [report('toast', 'working', over)] }),
});
const toast = worker('toast', 'a');
const asked = (afterMs: number) => worker('toast', 'a', { patrolledAt: T0 + afterMs });
const mayorWho = (status: 'working' | 'waiting'): TownParts => ({
  agents: [agent('toast', { role: 'mayor', status, rigId: '', attempt: 1, dispatchedAt: T0 })],
  container: running,
  observed: observed({ agents: [report('toast', status === 'working' ? 'working' : 'idle')] }),
});
const review: TownParts = {
  beads: [reviewedBead('a')],
  agents: [reviewer('ref', 'm', { patrolledAt: T0 + minutes(60) })],
  mergeRequests: [
    mergeRequest('m', 'a', {
      stage: 'reviewing',
      candidate: CANDIDATE,
      reviewerAgentId: 'ref',
      reviewAttempt: 1,
    }),
  ],
  container: running,
  observed: observed({ agents: [report('ref', 'working')] }),
};

rows(agentPatrol, T0, [
  {
    situation: 'an agent at work is left alone for 15 minutes',
    town: at([toast]),
    afterMs: minutes(15) - 1,
    waits: ['bead a: progressing on agent'],
    reason: 'toast works on it (its session 1 is working)',
    dueAfterMs: minutes(15),
  },
  {
    situation: 'then it is asked, and looked at again an hour after its last progress',
    town: at([toast]),
    afterMs: minutes(15),
    decides: ['agent toast'],
    reason: 'no progress for 15 minutes',
    dueAfterMs: minutes(60),
  },
  {
    situation: 'it is asked once',
    town: at([asked(minutes(15))]),
    afterMs: minutes(59),
    waits: ['bead a: progressing on agent'],
    dueAfterMs: minutes(60),
  },
  {
    situation: 'progress since then begins the quarter of an hour anew',
    town: at([asked(minutes(15))], { lastEventAt: iso(minutes(20)) }),
    afterMs: minutes(34),
    waits: ['bead a: progressing on agent'],
    dueAfterMs: minutes(35),
  },
  {
    situation: 'a turn that ended is progress where no event is told',
    town: at([toast], { lastTurnAt: iso(minutes(10)) }),
    afterMs: minutes(24),
    waits: ['bead a: progressing on agent'],
    dueAfterMs: minutes(25),
  },
  {
    situation: 'what a clock says that is ahead is taken for now',
    town: at([toast], { lastEventAt: iso(minutes(600)) }),
    afterMs: minutes(20),
    waits: ['bead a: progressing on agent'],
    dueAfterMs: minutes(35),
  },
  {
    situation: 'what a clock says that is behind does not reach back before the dispatch',
    town: at([toast], { lastEventAt: iso(-minutes(600)) }),
    afterMs: seconds(1),
    waits: ['bead a: progressing on agent'],
    dueAfterMs: minutes(15),
  },
  {
    situation: 'a tool that is at work may take an hour',
    town: at([toast], { activeTools: ['bash'] }),
    afterMs: minutes(59),
    waits: ['bead a: progressing on agent'],
    dueAfterMs: minutes(60),
  },
  {
    situation: 'after an hour it is asked again, and triage is to decide',
    town: at([asked(minutes(15))]),
    afterMs: minutes(60),
    decides: ['agent toast', 'triageRequest 019b7711-9680-77fb-a935-c21ef2f0b0cf: → open'],
    reason: 'no progress for 60 minutes',
    dueAfterMs: minutes(120),
  },
  {
    situation: 'where five wait for triage already, people are told',
    town: { ...at([asked(minutes(15))]), triageRequests: others(5) },
    afterMs: minutes(60),
    decides: ['agent toast', 'escalation 019b7711-9680-77fb-a935-c21ef2f0b0cf: → open'],
    reason: 'no progress for 60 minutes',
  },
  {
    situation: 'what agents ask for does not count for that',
    town: {
      ...at([asked(minutes(15))]),
      triageRequests: others(5).map((request) => ({ ...request, type: 'escalation' as const })),
    },
    afterMs: minutes(60),
    decides: ['agent toast', 'triageRequest 019b7711-9680-77fb-a935-c21ef2f0b0cf: → open'],
  },
  {
    situation: 'triage is asked about an agent once',
    town: {
      ...at([asked(minutes(15))]),
      triageRequests: [triageRequest('t', { agentId: 'toast', attempt: 1 })],
    },
    afterMs: minutes(60),
    decides: ['agent toast'],
  },
  {
    situation: 'of triage itself that is stuck the mayor is told',
    town: {
      ...at([
        worker('toast', '', {
          ...asked(minutes(15)),
          role: 'triage',
          hook: { kind: 'triageRequest', id: 't' },
        }),
      ]),
      beads: [],
      triageRequests: [triageRequest('t', { assigneeAgentId: 'toast' })],
    },
    afterMs: minutes(60),
    decides: ['agent toast'],
  },
  {
    situation: 'after two hours its work goes on in another session',
    town: at([asked(minutes(60))]),
    afterMs: minutes(120),
    decides: ['bead a: in_progress → open'],
    reason: 'toast showed no progress for two hours',
  },
  {
    situation: 'a town that was asleep meanwhile does not ask first',
    town: at([toast]),
    afterMs: minutes(121),
    decides: ['bead a: in_progress → open'],
  },
  {
    situation: 'a reviewer is replaced in the same way',
    town: review,
    afterMs: minutes(120),
    decides: ['agent ref: working → idle'],
    reason: 'ref showed no progress for two hours',
  },
  {
    situation: 'a draining container ends its sessions anyway',
    town: { ...at([toast]), container: container('draining') },
    afterMs: minutes(200),
    waits: [],
  },
  {
    situation: 'a session that the container does not report is not looked at here',
    town: { ...at([toast]), observed: observed() },
    afterMs: minutes(200),
    waits: [],
  },
  {
    situation: 'what is said to be done is being verified',
    town: { ...at([toast]), beads: [claimedBead('a', 'toast')] },
    afterMs: minutes(200),
    waits: [],
  },
  {
    situation: 'an idle agent does nothing by right',
    town: { ...at([agent('toast')]), beads: [] },
    afterMs: minutes(200),
    waits: [],
  },
  {
    situation: 'the mayor waits for people as long as they like',
    town: mayorWho('waiting'),
    afterMs: minutes(200),
    waits: [],
  },
  {
    situation: 'a turn of it is not asked about',
    town: mayorWho('working'),
    afterMs: minutes(120) - 1,
    waits: ['agent toast: progressing on agent'],
    dueAfterMs: minutes(120),
  },
  {
    situation: 'one that never ends is given up after two hours',
    town: mayorWho('working'),
    afterMs: minutes(120),
    decides: ['agent toast: working → idle'],
    reason: 'toast showed no progress for two hours',
  },
  {
    situation: 'a mayor that the container does not report is not looked at here',
    town: { ...mayorWho('working'), observed: observed() },
    afterMs: minutes(200),
    waits: [],
  },
]);

test('the agent hears of it at once, in the session that it is about', () => {
  const { changes } = runRules([agentPatrol], town(at([toast])), minutes(15));
  const mail = changes.flatMap((change) =>
    change.op === 'create' && change.kind === 'mail' ? [change.record] : [],
  );
  expect(mail).toMatchObject([{ agentId: 'toast', attempt: 1, mode: 'immediate' }]);
});

test('triage is told whom and what it is about', () => {
  const { changes } = runRules([agentPatrol], town(at([asked(minutes(15))])), minutes(60));
  const made = changes.flatMap((change) =>
    change.op === 'create' && change.kind === 'triageRequest' ? [change.record] : [],
  );
  expect(made).toMatchObject([
    { type: 'stuck_agent', agentId: 'toast', attempt: 1, beadId: 'a', rigId: 'rig', attempts: 0 },
  ]);
});

test('the escalation says whom and what it is about', () => {
  const busy = { ...at([asked(minutes(15))]), triageRequests: others(5) };
  const { changes } = runRules([agentPatrol], town(busy), minutes(60));
  const made = changes.flatMap((change) =>
    change.op === 'create' && change.kind === 'escalation' ? [change.record] : [],
  );
  expect(made).toMatchObject([
    { severity: 'medium', category: 'stuck_agent', agentId: 'toast', attempt: 1, beadId: 'a', rigId: 'rig' },
  ]);
});
