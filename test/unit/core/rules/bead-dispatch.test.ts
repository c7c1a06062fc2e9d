import { expect, test } from 'vitest';
import { beadDispatch } from '../../../../core/rules/bead-dispatch.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import {
  agent,
  bead,
  container,
  convoy,
  decided,
  observed,
  reviewedBead,
  mergeRequest,
  reviewer,
  rig,
  runRules,
  T0,
  town,
  waited,
  workedBead,
  worker,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const open = (id: string) => ({ id, outcome: 'open' }) as const;
const busy = (n: number, rigId = 'rig') => ({
  beads: Array.from({ length: n }, (_, i) => workedBead(`w${rigId}${i}`, `a${rigId}${i}`, { rigId })),
  agents: Array.from({ length: n }, (_, i) => worker(`a${rigId}${i}`, `w${rigId}${i}`, { rigId })),
});

rows(beadDispatch, T0, [
  {
    situation: 'a bead that was made while somebody removed its rig ends',
    town: { rigs: [], beads: [bead('a', { isHeld: true })] },
    decides: ['bead a: open → failed'],
    reason: 'its rig was removed',
  },
  {
    situation: 'attempts before somebody asked for it anew do not count',
    town: { beads: [bead('a', { attempt: 9, attemptBase: 5 })] },
    decides: ['bead a: open → in_progress'],
    reason: 'attempt 10',
  },
  {
    situation: 'five attempts since then are enough',
    town: { beads: [bead('a', { attempt: 10, attemptBase: 5 })] },
    decides: ['bead a: open → failed'],
    reason: '5 attempts did not finish it',
  },
  {
    situation: 'an open bead gets a new agent',
    town: { beads: [bead('a')] },
    decides: ['bead a: open → in_progress'],
    reason: 'Toast takes it, attempt 1',
    waits: [],
  },
  {
    situation: 'an idle agent of the rig is taken before a new one is made',
    town: {
      beads: [bead('a')],
      agents: [agent('x', { name: 'Other', rigId: 'elsewhere' }), agent('y', { name: 'Moss' })],
    },
    decides: ['bead a: open → in_progress'],
    reason: 'Moss takes it',
  },
  {
    situation: 'a held bead waits for a person',
    town: { beads: [bead('a', { isHeld: true })] },
    waits: ['bead a: waiting on start'],
    reason: 'held',
    dueAfterMs: null,
  },
  {
    situation: 'a bead of a staged convoy waits for a person',
    town: {
      beads: [bead('a', { convoyId: 'k' })],
      convoys: [convoy('k', { state: 'staged', beads: [open('a')] })],
    },
    waits: ['bead a: waiting on start'],
    reason: 'staged',
    dueAfterMs: null,
  },
  {
    situation: 'a bead of a convoy that is being closed is not begun any more',
    town: {
      beads: [bead('a', { convoyId: 'k' })],
      convoys: [convoy('k', { beads: [open('a')], closing: { by: 'ann', reason: 'closed by ann' } })],
    },
    waits: [],
  },
  {
    situation: 'a reviewer takes no worker’s place',
    town: {
      beads: [bead('a'), reviewedBead('r')],
      mergeRequests: [mergeRequest('m', 'r', { stage: 'reviewing', reviewerAgentId: 'ref' })],
      agents: [reviewer('ref', 'm')],
      config: { maxPolecatsPerRig: 1 },
    },
    decides: ['bead a: open → in_progress'],
  },
  {
    situation: 'a bead waits for the beads it depends on',
    town: {
      beads: [workedBead('a', 'x'), bead('b', { dependsOn: [open('a'), { id: 'gone', outcome: 'closed' }] })],
      agents: [worker('x', 'a')],
    },
    waits: ['bead b: waiting on dependencies'],
    reason: '1 of 2 beads it depends on are not merged',
    dueAfterMs: null,
  },
  {
    situation: 'a bead whose blockers are all closed is taken',
    town: { beads: [bead('b', { dependsOn: [{ id: 'gone', outcome: 'closed' }] })] },
    decides: ['bead b: open → in_progress'],
  },
  {
    situation: 'a failed blocker keeps its dependents and asks for a person',
    town: { beads: [bead('b', { dependsOn: [{ id: 'gone', outcome: 'failed' }] })] },
    waits: ['bead b: needs_attention on dependencies'],
    reason: 'depends on bead gone, which failed',
    dueAfterMs: null,
  },
  ...(['stopping', 'lost'] as const).map((state) => ({
    situation: `nothing new is given to a container that is ${state}`,
    town: { beads: [bead('a')], container: container(state) },
    waits: ['bead a: waiting on container'],
    reason: 'the container of epoch 1 is stopping',
  })),
  {
    situation: 'nothing new is given to a container that was asked to drain and has saved its work',
    town: { beads: [bead('a')], container: container('draining'), observed: observed({ phase: 'drained' }) },
    waits: ['bead a: waiting on container'],
  },
  {
    situation: 'nothing new is given to a container that drained by itself (Spot)',
    town: { beads: [bead('a')], container: container('running'), observed: observed({ phase: 'drained' }) },
    waits: ['bead a: waiting on container'],
  },
  {
    situation: 'work that comes before a draining container has saved is given to it',
    town: { beads: [bead('a')], container: container('draining'), observed: observed({ phase: 'draining' }) },
    decides: ['bead a: open → in_progress'],
  },
  {
    situation: 'a failed attempt is followed by a pause',
    town: { beads: [bead('a', { attempt: 2, cooldownFrom: T0 })] },
    afterMs: minutes(1) - 1,
    waits: ['bead a: waiting on cooldown'],
    reason: 'attempt 2 did not finish it',
    dueAfterMs: minutes(1),
  },
  {
    situation: 'after the pause the next attempt begins',
    town: { beads: [bead('a', { attempt: 2, cooldownFrom: T0, branch: 'gt/old/a' })] },
    afterMs: minutes(1),
    decides: ['bead a: open → in_progress'],
    reason: 'attempt 3',
  },
  {
    situation: 'a bead whose attempts are used up fails at once, with the last feedback',
    town: { beads: [bead('a', { attempt: 5, cooldownFrom: T0, feedback: 'tests fail' })] },
    afterMs: seconds(1),
    decides: ['bead a: open → failed'],
    reason: '5 attempts did not finish it; the last one: tests fail',
  },
  {
    situation: 'the limit of attempts is the rig’s',
    town: { rigs: [rig({ config: { maxDispatchAttempts: 1 } })], beads: [bead('a', { attempt: 1 })] },
    decides: ['bead a: open → failed'],
  },
  {
    situation: 'a rig has three workers at most',
    town: { ...busy(3), beads: [...busy(3).beads, bead('a')] },
    waits: ['bead a: queued on capacity'],
    reason: '3 of at most 3 workers of the rig are busy: arig0, arig1, arig2',
    dueAfterMs: null,
  },
  {
    situation: 'the workers of another rig do not count for the rig',
    town: {
      rigs: [rig(), rig({ id: 'other' })],
      agents: busy(3, 'other').agents,
      beads: [...busy(3, 'other').beads, bead('a')],
    },
    decides: ['bead a: open → in_progress'],
  },
  {
    situation: 'the container has as many places as its memory allows, for reviewers too',
    town: {
      config: { maxPolecatsPerRig: 50, container: { memoryGiB: 4 } },
      agents: [worker('x', 'w'), reviewer('ref', 'm')],
      beads: [workedBead('w', 'x'), bead('r', { status: 'in_review' }), bead('a')],
      mergeRequests: [],
    },
    waits: ['bead a: queued on capacity'],
    reason: 'all 2 places in the container are taken',
  },
]);

test('the most urgent goes first, then the oldest; the rest know their place', () => {
  const beads = [
    bead('1', { priority: 'low' }),
    bead('2'),
    bead('3', { priority: 'critical' }),
    bead('4'),
    bead('5', { priority: 'high' }),
  ];
  const outcome = runRules([beadDispatch], town({ beads }));
  expect(decided(outcome)).toEqual(['3', '5', '2'].map((id) => `bead ${id}: open → in_progress`));
  expect(outcome.waits.map(({ subject, position }) => [subject.id, position])).toEqual([
    ['4', 1],
    ['1', 2],
  ]);
});

test('a dispatch makes the branch, counts the attempt and begins a session of the agent that is its own', () => {
  const beads = [bead('bead-12345678', { cooldownFrom: T0 - minutes(60), doneRefusals: 2, attempt: 1 })];
  const { changes } = runRules(
    [beadDispatch],
    town({ beads, agents: [agent('x', { name: 'Moss', attempt: 7 })] }),
  );
  expect(changes.map((change) => ('record' in change ? change.record : undefined))).toMatchObject([
    { status: 'in_progress', branch: 'gt/moss/12345678', attempt: 2, assigneeAgentId: 'x', doneRefusals: 0 },
    { status: 'working', hook: { kind: 'bead', id: 'bead-12345678' }, attempt: 8, dispatchedAt: T0 },
  ]);
});

test('a bead that fails tells whoever waits for it', () => {
  const beads = [
    bead('a', { attempt: 5, convoyId: 'k' }),
    bead('b', { dependsOn: [open('a')], convoyId: 'k' }),
    bead('other', { isHeld: true }),
  ];
  const outcome = runRules(
    [beadDispatch],
    town({ beads, convoys: [convoy('k', { beads: [open('a'), open('b')] })] }),
  );
  const mayors = outcome.changes.filter(({ kind }) => kind === 'mail' || kind === 'agent');
  expect(mayors).toMatchObject([
    { op: 'create', record: { role: 'mayor', status: 'idle' } },
    {
      op: 'create',
      record: { mode: 'queue', text: expect.stringContaining('1 beads that depend on it stay') },
    },
  ]);
  expect(outcome.changes.filter((change) => !mayors.includes(change))).toMatchObject([
    { op: 'update', record: { id: 'b', dependsOn: [{ id: 'a', outcome: 'failed' }] } },
    { op: 'update', record: { id: 'k', beads: [{ id: 'a', outcome: 'failed' }, open('b')] } },
    {
      op: 'archive',
      record: { id: 'a', status: 'failed', closedAt: T0, failure: { code: 'max_dispatch_attempts' } },
    },
  ]);
  expect(waited(outcome)).toEqual([
    'bead b: needs_attention on dependencies',
    'bead other: waiting on start',
  ]);
});
