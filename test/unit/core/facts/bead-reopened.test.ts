import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import type { Bead } from '../../../../core/town/bead.ts';
import type { Convoy } from '../../../../core/town/convoy.ts';
import type { MergeRequest } from '../../../../core/town/merge-request.ts';
import {
  bead,
  CANDIDATE,
  convoy,
  landing,
  reviewer,
  T0,
  workedBead,
  worker,
  type TownParts,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const edge = (id: string, outcome: 'open' | 'closed' | 'failed') => ({ id, outcome });
const failure = { code: 'max_dispatch_attempts', message: 'five attempts' };
/** As the archive has it. */
const ended = (over: Partial<Bead> = {}): Bead =>
  bead('a', { status: 'failed', branch: 'gt/toast/a', attempt: 5, closedAt: T0, failure, ...over });
const reopen = (over: Partial<Bead> = {}): InboxStatement => ({
  type: 'bead_reopened',
  bead: ended(over),
  by: 'ann',
});
const of = (over: Partial<Convoy>) => convoy('k', { beads: [edge('a', 'failed')], ...over });
const mine = reopen({ convoyId: 'k' });
const isLanding = (stage: MergeRequest['stage']): TownParts => ({
  convoys: [of({ state: 'landing', landingMergeRequestId: 'm', beads: [edge('a', 'closed')] })],
  mergeRequests: [
    landing('m', 'k', {
      stage,
      candidate: CANDIDATE,
      ...(stage === 'reviewing' ? { reviewerAgentId: 'ref' } : {}),
    }),
  ],
  agents: stage === 'reviewing' ? [reviewer('ref', 'm')] : [],
  inbox: [reopen({ status: 'closed', convoyId: 'k' })],
});

rows([
  {
    situation: 'a failed bead is open again',
    town: { inbox: [reopen()] },
    applied: 1,
    decides: ['bead a: failed → open'],
    reason: 'asked for anew by ann',
  },
  {
    situation: 'a closed one, too',
    town: { inbox: [reopen({ status: 'closed', failure: undefined })] },
    applied: 1,
    decides: ['bead a: closed → open'],
  },
  { situation: 'one that is live', town: { beads: [bead('a')], inbox: [reopen()] }, stale: 1 },
  {
    situation: 'twice is once',
    town: { inbox: [reopen(), reopen()] },
    applied: 1,
    stale: 1,
    decides: ['bead a: failed → open'],
  },
  { situation: 'one whose rig was removed', town: { rigs: [], inbox: [reopen()] }, stale: 1 },
  {
    situation: 'a convoy that needs attention for it goes on',
    town: { convoys: [of({ state: 'needs_attention', attention: failure })], inbox: [mine] },
    applied: 1,
    decides: ['bead a: failed → open', 'convoy k: needs_attention → active'],
  },
  {
    situation: 'a staged convoy stays staged',
    town: { convoys: [of({ state: 'staged' })], inbox: [mine] },
    applied: 1,
    decides: ['bead a: failed → open'],
  },
  {
    situation: 'a convoy that is about to land waits for it: its landing ends',
    town: isLanding('queued'),
    applied: 1,
    decides: ['bead a: closed → open', 'mergeRequest m: queued → failed', 'convoy k: landing → active'],
  },
  {
    situation: 'and so does the review of it',
    town: isLanding('reviewing'),
    applied: 1,
    decides: ['bead a: closed → open', 'mergeRequest m: reviewing → failed', 'convoy k: landing → active'],
  },
  {
    situation: 'a landing that is being merged is not stopped half-way',
    town: isLanding('merging'),
    stale: 1,
  },
  {
    situation: 'of a convoy that somebody closes',
    town: { convoys: [of({ closing: { by: 'bob', reason: 'x' } })], inbox: [mine] },
    stale: 1,
  },
  {
    situation: 'a convoy that has landed or was closed is left behind',
    town: { inbox: [mine] },
    applied: 1,
    decides: ['bead a: failed → open'],
  },
  {
    situation: 'ended and asked for anew in one step, it has never left',
    town: {
      beads: [bead('a')],
      inbox: [{ type: 'bead_cancelled', beadId: 'a', as: 'failed', by: 'bob' }, reopen()],
    },
    applied: 2,
    decides: ['bead a: open → failed', 'bead a: failed → open'],
  },
  {
    situation: 'asked for anew and cancelled in one step, it ends',
    town: { inbox: [reopen(), { type: 'bead_cancelled', beadId: 'a', as: 'closed', by: 'bob' }] },
    applied: 2,
    decides: ['bead a: failed → open', 'bead a: open → closed'],
  },
]);

test('it goes on with its branch and a fresh count of attempts; nothing of its end is left', () => {
  expect(left({ inbox: [reopen({ outages: 2, cooldownFrom: T0, doneRefusals: 2, isHeld: true })] })).toEqual([
    {
      op: 'restore',
      kind: 'bead',
      ...bead('a', { branch: 'gt/toast/a', attempt: 5, attemptBase: 5 }),
    },
  ]);
});

const EDGES: readonly { situation: string; town: TownParts; edges: Bead['dependsOn']; left: unknown }[] = [
  {
    situation: 'a blocker that was merged stays so',
    town: {},
    edges: [edge('b', 'closed')],
    left: ['closed'],
  },
  {
    situation: 'a blocker that was asked for anew, too, is waited for',
    town: { beads: [bead('b')] },
    edges: [edge('b', 'failed')],
    left: ['open'],
  },
  {
    situation: 'of a blocker that ended since, nobody knows how: people look',
    town: {},
    edges: [edge('b', 'open')],
    left: ['failed'],
  },
  {
    situation: 'a blocker that was made to wait for it meanwhile is not waited for: neither would ever start',
    town: { beads: [bead('b', { dependsOn: [edge('a', 'failed')] })] },
    edges: [edge('b', 'open')],
    left: [],
  },
  {
    situation: 'nor one that does so by way of another',
    town: {
      beads: [bead('b', { dependsOn: [edge('c', 'open')] }), bead('c', { dependsOn: [edge('a', 'failed')] })],
    },
    edges: [edge('b', 'open')],
    left: [],
  },
];

test.each(EDGES)('$situation', ({ town, edges, left: outcomes }) => {
  const changes = left({ ...town, inbox: [reopen({ dependsOn: edges })] });
  const restored = changes.find(({ op }) => op === 'restore');
  expect(restored).toMatchObject({ id: 'a' });
  const dependsOn = restored !== undefined && 'dependsOn' in restored ? restored.dependsOn : undefined;
  expect(dependsOn?.map(({ outcome }) => outcome)).toEqual(outcomes);
});

test('whoever waits for it waits again; what was dispatched goes on; its convoy has it as open', () => {
  const beads = [
    bead('b', { dependsOn: [edge('a', 'failed')] }),
    workedBead('c', 'x', { dependsOn: [edge('a', 'closed')] }),
  ];
  const convoys = [of({ state: 'needs_attention', attention: failure, landingAttempts: 5 })];
  expect(left({ beads, convoys, agents: [worker('x', 'c')], inbox: [mine] })).toMatchObject([
    { kind: 'bead', id: 'b', status: 'open', dependsOn: [edge('a', 'open')] },
    { kind: 'bead', id: 'c', status: 'in_progress', dependsOn: [edge('a', 'open')] },
    { op: 'restore', kind: 'bead', id: 'a', convoyId: 'k' },
    { kind: 'convoy', beads: [edge('a', 'open')], attention: undefined, landingAttempts: 0 },
  ]);
});

test.each([
  ['that has ended', []],
  ['that has gone on without it', [of({ beads: [] })]],
])('it does not come back into a convoy %s', (_, convoys) => {
  expect(left({ convoys, inbox: [mine] })).toMatchObject([{ op: 'restore', id: 'a', convoyId: undefined }]);
});
