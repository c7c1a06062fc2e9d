import { expect, test } from 'vitest';
import { agentLost } from '../../../../core/rules/agent-lost.ts';
import { beadDispatch } from '../../../../core/rules/bead-dispatch.ts';
import { mergeQueueReview } from '../../../../core/rules/merge-queue-review.ts';
import { townBreaker } from '../../../../core/rules/town-breaker.ts';
import type { Breaker } from '../../../../core/town/head.ts';
import { minutes } from '../../../../core/town/instant.ts';
import {
  agent,
  applyFacts,
  bead,
  CANDIDATE,
  container,
  decided,
  mergeRequest,
  observed,
  report,
  reviewedBead,
  runRules,
  T0,
  town,
  type TownParts,
  waited,
  workedBead,
  worker,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const failures = (count: number, agoMs = 0): number[] => Array.from({ length: count }, () => T0 - agoMs);
const breaker = (state: Breaker['state'], over: Partial<Breaker> = {}): TownParts => ({
  head: { breaker: { state, since: T0, failedAt: failures(20), ...over } },
});
const probed = { probeAgentId: 'x' };

rows(townBreaker, T0, [
  { situation: 'nothing has failed', town: {}, waits: [], dueAfterMs: null },
  {
    situation: '19 failed dispatches are bad luck',
    town: breaker('closed', { failedAt: failures(19) }),
    waits: [],
    dueAfterMs: null,
  },
  {
    situation: 'at 20 in half an hour nothing is dispatched any more',
    town: breaker('closed'),
    decides: ['town town: breaker closed → breaker open'],
    reason: '20 sessions in 30 minutes did not start',
    dueAfterMs: minutes(5),
  },
  {
    situation: 'those of more than half an hour ago do not count',
    town: breaker('closed', { failedAt: [...failures(19), T0 - minutes(30)] }),
    waits: [],
  },
  {
    situation: 'it stays open for five minutes, and says what to look at',
    town: breaker('open'),
    afterMs: minutes(5) - 1,
    waits: ['town town: needs_attention on the breaker'],
    reason: "look at the provider's key",
    dueAfterMs: minutes(5),
  },
  {
    situation: 'then one session is tried',
    town: breaker('open'),
    afterMs: minutes(5),
    decides: ['town town: breaker open → breaker halfOpen'],
    isUrgent: true,
  },
  { situation: 'nobody has been tried yet', town: breaker('halfOpen'), waits: [], dueAfterMs: null },
  {
    situation: 'the one that is tried is at work',
    town: { ...breaker('halfOpen', probed), beads: [workedBead('a', 'x')], agents: [worker('x', 'a')] },
    waits: [],
    dueAfterMs: null,
  },
  {
    situation: 'somebody ended the one that was tried: another one is',
    town: { ...breaker('halfOpen', probed), agents: [agent('x')] },
    decides: ['town town: breaker halfOpen → breaker halfOpen'],
    isUrgent: true,
    reason: 'another one is',
  },
]);

test('the mayor hears of it with the next thing that it is told', () => {
  const { changes } = runRules([townBreaker], town(breaker('closed')));
  const mail = changes.flatMap((change) =>
    change.kind === 'mail' && change.op === 'create' ? [change.record.mode] : [],
  );
  expect(mail).toEqual(['queue']);
});

const open = (id: string) => bead(id);
const review = {
  beads: [reviewedBead('r')],
  mergeRequests: [mergeRequest('m', 'r', { stage: 'reviewing', candidate: CANDIDATE })],
};

test.each([
  {
    state: 'open',
    over: {},
    waits: ['mergeRequest m: waiting on the breaker', 'bead a: waiting on the breaker'],
  },
  {
    state: 'halfOpen',
    over: probed,
    waits: ['mergeRequest m: waiting on the breaker', 'bead a: waiting on the breaker'],
  },
  { state: 'closed', over: {}, waits: [] },
] as const)('while it is $state, beads and reviews wait: $waits', ({ state, over, waits }) => {
  const parts = { ...breaker(state, over), ...review, beads: [...review.beads, open('a')] };
  expect(waited(runRules([mergeQueueReview, beadDispatch], town(parts)))).toEqual(waits);
});

test('half-open, one of several gets a session, and is the one that is tried', () => {
  const outcome = runRules([beadDispatch], town({ ...breaker('halfOpen'), beads: [open('a'), open('b')] }));
  expect(decided(outcome)).toEqual(['bead a: open → in_progress']);
  expect(waited(outcome)).toEqual(['bead b: waiting on the breaker']);
  const made = outcome.changes.find(({ kind }) => kind === 'agent');
  expect(outcome.head.breaker).toMatchObject({
    state: 'halfOpen',
    probeAgentId: made?.op === 'create' ? made.record.id : '',
  });
});

const running = (over: Partial<Parameters<typeof report>[2]>, state: 'working' | 'failed'): TownParts => ({
  beads: [workedBead('a', 'x')],
  agents: [worker('x', 'a')],
  container: container('running'),
  observed: observed({ agents: [report('x', state, over)] }),
});
const spent = { usage: { inputTokens: 1, outputTokens: 0, costUsd: 0 } };

test.each([
  { of: 'a session that breaks before it spends anything', parts: running({}, 'failed'), counts: 1 },
  { of: 'one that breaks at work is no failed dispatch', parts: running(spent, 'failed'), counts: 0 },
  { of: 'one that works', parts: running(spent, 'working'), counts: 0 },
  {
    of: 'a container that never synced',
    parts: { container: container('starting') },
    facts: [{ type: 'task_stopped', epoch: 1, reason: 'no image' }],
    counts: 1,
  },
  {
    of: 'a container that was asked to stop',
    parts: { container: container('stopping') },
    facts: [{ type: 'task_stopped', epoch: 1, reason: 'asked to' }],
    counts: 0,
  },
] as const)('$of: $counts', ({ parts, counts, ...row }) => {
  const { head } = applyFacts(town(parts), 'facts' in row ? [...row.facts] : []);
  expect(head.breaker?.failedAt ?? []).toHaveLength(counts);
});

test('a session that never starts is a failed dispatch', () => {
  const parts = { ...running({}, 'working'), observed: observed() };
  expect(runRules([agentLost], town(parts), minutes(5)).head.breaker?.failedAt).toEqual([T0 + minutes(5)]);
});

test.each([
  {
    of: 'the one that is tried works',
    parts: running(spent, 'working'),
    over: probed,
    to: ['town town: breaker halfOpen → breaker closed'],
  },
  {
    of: 'another one that was at work before shows nothing',
    parts: running(spent, 'working'),
    over: { probeAgentId: 'y' },
    to: [],
  },
  { of: 'it has not spent anything yet', parts: running({}, 'working'), over: probed, to: [] },
  {
    of: 'it fails, too',
    parts: running({}, 'failed'),
    over: probed,
    to: ['town town: breaker halfOpen → breaker open'],
  },
])('half-open, and $of', ({ parts, over, to }) => {
  const decisions = decided(applyFacts(town({ ...parts, ...breaker('halfOpen', over) })));
  expect(decisions.filter((text) => text.startsWith('town'))).toEqual(to);
});

test('of what has failed only the last twenty in the window are kept', () => {
  const before = breaker('closed', { failedAt: [T0 - minutes(31), ...failures(25)] });
  expect(applyFacts(town({ ...running({}, 'failed'), ...before })).head.breaker?.failedAt).toHaveLength(20);
});
