import { expect, test } from 'vitest';
import { explain } from '../../../core/explain.ts';
import {
  bead,
  convoy,
  jobDone,
  mergeRequest,
  reviewedBead,
  sha,
  T0,
  town,
  workedBead,
  worker,
} from './town-builder.ts';

test('a row has the title of what waits, why, since when, and who has to act', () => {
  expect(explain(town({ beads: [bead('a', { isHeld: true, title: 'Add tax' })] }), T0)).toEqual([
    {
      subject: { kind: 'bead', id: 'a', title: 'Add tax' },
      state: 'waiting',
      waitingOn: 'start',
      rule: 'bead/dispatch',
      reason: 'held: it starts when somebody starts it',
      since: T0,
      who: 'human',
    },
  ]);
});

test.each([
  {
    situation: 'a statement that the town was woken for is explained as what it does',
    dueAt: T0,
    start: 'a is gone',
  },
  { situation: 'one that it was not woken for changes nothing yet', dueAt: undefined, start: 'held' },
  { situation: 'nor does one while the town waits for a later time', dueAt: T0 + 1, start: 'held' },
])('$situation', ({ dueAt, start }) => {
  const inbox = [
    { type: 'bead_cancelled', beadId: 'a', as: 'closed', reason: 'a is gone', by: 'ann' },
  ] as const;
  const of = town({ head: { dueAt }, beads: [bead('a', { isHeld: true })], inbox });
  expect(explain(of, T0).map(({ reason }) => reason)).toEqual([expect.stringContaining(start)]);
});

test('what the next step ends has a row that says so', () => {
  const parts = {
    beads: [reviewedBead('a')],
    mergeRequests: [mergeRequest('m', 'a', { stage: 'merging', jobId: 'j' })],
    ...jobDone('j', { outcome: 'merged', mergeSha: sha(5) }),
  };
  const rows = explain(town(parts), T0).map(({ subject, waitingOn, reason }) => [
    subject.id,
    waitingOn,
    reason,
  ]);
  expect(rows).toContainEqual(['a', 'the next step', 'merged into main']);
  expect(rows).toContainEqual(['m', 'the next step', 'merged into main as 00000000']);
});

test('what only a suspended rule would move needs a person', () => {
  const suspendedRules = [{ rule: 'bead/dispatch', since: T0, violation: 'x: y' }];
  const rows = explain(town({ head: { suspendedRules }, beads: [bead('a')] }), T0);
  expect(rows.map(({ subject, state, rule }) => [subject.kind, state, rule])).toEqual([
    ['bead', 'needs_attention', 'bead/dispatch'],
    ['town', 'needs_attention', 'bead/dispatch'],
  ]);
  expect(rows[1]?.reason).toContain('gastown rules resume bead/dispatch');
});

test('a town that is paused or fails says so', () => {
  const failure = { since: T0, count: 3, error: 'throttled' };
  const rows = explain(town({ head: { lifecycle: 'paused', failure, dueAt: T0 + 5 } }), T0);
  expect(rows.map(({ subject, state, reason, until }) => [subject.title, state, reason, until])).toEqual([
    ['Town', 'needs_attention', 'the last 3 reconciles failed: throttled', T0 + 5],
    ['Town', 'waiting', expect.stringContaining('paused'), undefined],
  ]);
});

test.each(['paused', 'deleting'] as const)(
  'in a town that is %s every row says what it waits for',
  (lifecycle) => {
    const parts = {
      head: { lifecycle, lifecycleSince: T0 - 5 },
      beads: [
        bead('a'),
        bead('h', { isHeld: true }),
        reviewedBead('r', { convoyId: 'k' }),
        workedBead('w', 'x'),
      ],
      convoys: [convoy('k', { beads: [{ id: 'r', outcome: 'open' }] })],
      mergeRequests: [mergeRequest('m', 'r', { stage: 'checking' })],
      agents: [worker('x', 'w')],
    };
    const rows = explain(town(parts), T0);
    const waitingOn = lifecycle === 'paused' ? 'resume' : 'deletion';
    const who = lifecycle === 'paused' ? 'human' : 'town';
    for (const id of ['a', 'h', 'r', 'w', 'k', 'm']) {
      expect(rows.filter(({ subject }) => subject.id === id)).toEqual([
        expect.objectContaining({ state: 'waiting', waitingOn, who, since: T0 - 5, rule: 'lifecycle' }),
      ]);
    }
    expect(rows.filter(({ subject }) => subject.kind === 'town')).toHaveLength(1);
  },
);

test('looking changes nothing', () => {
  const of = town({ beads: [bead('a')], convoys: [convoy('k')] });
  expect(explain(of, T0)).toEqual(explain(of, T0));
});
