import { describe, expect, test } from 'vitest';
import { Draft } from '../../../../core/draft.ts';
import { ALL_INVARIANTS, violationsOf } from '../../../../core/invariants/all.ts';
import type { RecordChange } from '../../../../core/draft.ts';
import { reconcile } from '../../../../core/reconcile.ts';
import { createIds } from '../../../../core/ids.ts';
import { ALL_RULES } from '../../../../core/rules/all.ts';
import type { Rule } from '../../../../core/rules/rule.ts';
import {
  agent,
  asPullRequest,
  bead,
  claimedBead,
  convoy,
  jobDone,
  mail,
  mergeRequest,
  observed,
  report,
  reviewedBead,
  rig,
  SEED,
  sha,
  step,
  T0,
  town,
  type TownParts,
  workedBead,
  worker,
} from '../town-builder.ts';

/** Each invariant with a change that breaks it, and nothing else, in a town that breaks none. */
interface Breach {
  readonly invariant: string;
  readonly town: TownParts;
  readonly act: (draft: Draft) => void;
  readonly detail: string;
}

const open = (id: string) => ({ id, outcome: 'open' }) as const;
const working = { beads: [workedBead('a', 'x')], agents: [worker('x', 'a'), agent('y')] };

const BREACHES: readonly Breach[] = [
  {
    invariant: 'one-agent-per-work-item',
    town: working,
    act: (draft) => draft.put('agent', worker('y', 'a')),
    detail: 'more than one agent is hooked to bead a',
  },
  {
    invariant: 'working-agent-has-hook',
    town: working,
    act: (draft) => draft.put('agent', worker('y', 'gone')),
    detail: 'agent y works on nothing that is live',
  },
  {
    invariant: 'working-agent-has-hook',
    town: { beads: [bead('b')], agents: [agent('y')] },
    act: (draft) => draft.put('agent', worker('y', 'b', { status: 'idle' })),
    detail: 'agent y is idle with a hook',
  },
  {
    invariant: 'one-slot-per-rig',
    town: {
      beads: [reviewedBead('a'), reviewedBead('b')],
      mergeRequests: [mergeRequest('m', 'a', { stage: 'reviewing' }), mergeRequest('n', 'b')],
    },
    act: (draft) => draft.put('mergeRequest', mergeRequest('n', 'b', { stage: 'merging' })),
    detail: 'more than one merge request holds the slot of rig rig',
  },
  {
    invariant: 'one-slot-per-rig',
    town: {
      beads: [reviewedBead('a'), reviewedBead('b')],
      mergeRequests: [asPullRequest('m', 'a', {}, { stage: 'merging' }), asPullRequest('n', 'b')],
    },
    act: (draft) => draft.put('mergeRequest', asPullRequest('n', 'b', {}, { stage: 'merging' })),
    detail: 'more than one merge request is being merged of rig rig',
  },
  {
    invariant: 'review-has-merge-request',
    town: { beads: [bead('a')] },
    act: (draft) => draft.put('bead', reviewedBead('a')),
    detail: 'bead a is in_review with 0 live merge requests',
  },
  {
    invariant: 'review-has-merge-request',
    town: { beads: [bead('a')] },
    act: (draft) => draft.put('mergeRequest', mergeRequest('m', 'a')),
    detail: 'bead a is open with 1 live merge requests',
  },
  {
    invariant: 'terminal-is-archived',
    town: { beads: [bead('a')] },
    act: (draft) => draft.put('bead', bead('a', { status: 'closed' })),
    detail: 'a has ended and is live',
  },
  {
    invariant: 'terminal-is-archived',
    town: { convoys: [convoy('k')] },
    act: (draft) => draft.put('convoy', convoy('k', { state: 'landed' })),
    detail: 'k has ended and is live',
  },
  {
    invariant: 'edges-tell-the-truth',
    town: { beads: [bead('a'), bead('b', { dependsOn: [open('a')] })] },
    act: (draft) => draft.archive('bead', bead('a', { status: 'closed' })),
    detail: 'b says that a is open',
  },
  {
    invariant: 'edges-tell-the-truth',
    town: { beads: [bead('a', { convoyId: 'k' })], convoys: [convoy('k', { beads: [open('a')] })] },
    act: (draft) => draft.put('convoy', convoy('k', { beads: [{ id: 'a', outcome: 'closed' }] })),
    detail: 'k says that a is closed',
  },
  {
    invariant: 'convoy-has-its-beads',
    town: { beads: [bead('a')], convoys: [convoy('k')] },
    act: (draft) => draft.put('bead', bead('a', { convoyId: 'k' })),
    detail: 'bead a belongs to k and is listed by none',
  },
  {
    invariant: 'convoy-has-its-beads',
    town: { beads: [bead('a')], convoys: [convoy('k')] },
    act: (draft) => draft.put('convoy', convoy('k', { beads: [open('a')] })),
    detail: 'bead a belongs to no convoy and is listed by k',
  },
  {
    invariant: 'live-work-has-rig',
    town: { beads: [bead('a')] },
    act: (draft) => draft.archive('rig', rig()),
    detail: 'a is in rig rig, which is not live',
  },
  {
    invariant: 'epoch-never-goes-back',
    town: {},
    act: (draft) => draft.setContainer({ ...draft.container, epoch: draft.container.epoch - 1 }),
    detail: 'the epoch went from 0 to -1',
  },
  {
    invariant: 'epoch-never-goes-back',
    town: {},
    act: (draft) => draft.setContainer({ ...draft.container, epoch: draft.container.epoch + 2 }),
    detail: 'the epoch went from 0 to 2',
  },
];

test('every invariant has a breach here', () => {
  expect(new Set(BREACHES.map(({ invariant }) => invariant))).toEqual(
    new Set(ALL_INVARIANTS.map(({ name }) => name)),
  );
});

describe.each(BREACHES)('$invariant: $detail', ({ invariant, town: parts, act, detail }) => {
  const violation = { invariant, detail };
  const badRule: Rule = { name: 'bad', run: ({ draft }) => act(draft) };
  const seen: string[] = [];
  const goodRule: Rule = { name: 'good', run: ({ now }) => void seen.push(`${now}`) };

  test('is found, and only it', () => {
    const draft = new Draft(town(parts), T0);
    expect(violationsOf(draft, ALL_INVARIANTS)).toEqual([]);
    act(draft);
    expect(violationsOf(draft, ALL_INVARIANTS)).toEqual([violation]);
  });

  test('a rule that introduces it is suspended for the town, and what it did is not committed', () => {
    const policy = { rules: [goodRule, badRule], invariants: ALL_INVARIANTS };
    const outcome = reconcile(town(parts), [], T0, createIds(SEED, T0), policy);
    expect(outcome.changes).toEqual([]);
    expect(outcome.container).toBeUndefined();
    expect(outcome.suspendedRules).toEqual([
      { rule: 'bad', since: T0, violation: `${invariant}: ${detail}` },
    ]);
    expect(outcome.violations).toEqual([violation]);
    expect(seen.length).toBeGreaterThan(0);
  });

  test('a rule that is suspended does not run; it stays suspended', () => {
    const suspendedRules = [{ rule: 'bad', since: T0 - 1, violation: 'x' }];
    const policy = { rules: [badRule], invariants: ALL_INVARIANTS };
    const outcome = reconcile(
      town({ ...parts, head: { suspendedRules } }),
      [],
      T0,
      createIds(SEED, T0),
      policy,
    );
    expect(outcome).toMatchObject({ changes: [], violations: [], suspendedRules });
  });
});

const kindsOf = (changes: readonly RecordChange[]): string[] =>
  changes.map(({ kind, op }) => `${op} ${kind}`);

/** A bead whose claim has just been verified, and one that somebody may start. */
const verifiedClaim: TownParts = {
  beads: [claimedBead('a', 'x'), bead('b', { isHeld: true })],
  agents: [worker('x', 'a')],
  ...jobDone('verify', { outcome: 'verified', headSha: sha(9), commits: 1 }),
};

test('a violation that was there before is reported, and blames nobody', () => {
  const outcome = step(town({ beads: [bead('a', { status: 'closed' })] }));
  expect(outcome.violations).toEqual([
    { invariant: 'terminal-is-archived', detail: 'a has ended and is live' },
  ]);
  expect(outcome.suspendedRules).toBeUndefined();
  expect(outcome.facts.quarantined).toEqual([]);
});

test('a fact that would break an invariant is quarantined; the others are applied and no rule is blamed', () => {
  const claimed = town({
    ...verifiedClaim,
    inbox: [
      { type: 'bead_started', beadId: 'b', by: 'ann' },
      { type: 'bead_cancelled', beadId: 'a', as: 'closed', by: 'ann' },
    ],
  });
  const noCancelling = {
    name: 'nobody-cancels',
    check: (draft: Draft) => (draft.get('bead', 'a') === undefined ? ['bead a is gone'] : []),
  };
  const policy = { rules: ALL_RULES, invariants: [...ALL_INVARIANTS, noCancelling] };
  const outcome = reconcile(claimed, [], T0, createIds(SEED, T0), policy);
  expect(outcome.facts.quarantined).toMatchObject([
    { source: 'inbox', id: 'inbox-1', error: 'would break an invariant: nobody-cancels: bead a is gone' },
  ]);
  expect(outcome.facts.applied.map(({ id }) => id)).toEqual(['inbox-0', 'observed']);
  expect(outcome.takenInbox).toEqual(['inbox-0', 'inbox-1']);
  expect(outcome.suspendedRules).toBeUndefined();
  expect(outcome.violations).toEqual([]);
});

test('of facts that break an invariant only together, the later one is quarantined', () => {
  const held = town({
    beads: [bead('a', { isHeld: true }), bead('b', { isHeld: true })],
    inbox: [
      { type: 'bead_started', beadId: 'a', by: 'ann' },
      { type: 'bead_started', beadId: 'b', by: 'ann' },
    ],
  });
  const oneAtATime = {
    name: 'one-at-a-time',
    check: (draft: Draft) => (draft.all('bead').every(({ isHeld }) => !isHeld) ? ['both have started'] : []),
  };
  const policy = { rules: ALL_RULES, invariants: [oneAtATime] };
  const outcome = reconcile(held, [], T0, createIds(SEED, T0), policy);
  expect(outcome.facts.quarantined.map(({ id }) => id)).toEqual(['inbox-1']);
  expect(outcome.suspendedRules).toBeUndefined();
  expect(outcome.decisions.map(({ to }) => to)).toContain('in_progress');
});

test('what a container observed is quarantined as a whole, and the town goes on without it', () => {
  const bad = town({ ...verifiedClaim, inbox: [{ type: 'bead_started', beadId: 'b', by: 'ann' }] });
  const nothingIsVerified = {
    name: 'nothing-is-verified',
    check: (draft: Draft) => draft.all('mergeRequest').map(({ branch }) => `${branch} is queued`),
  };
  const policy = { rules: ALL_RULES, invariants: [nothingIsVerified] };
  const outcome = reconcile(bad, [], T0, createIds(SEED, T0), policy);
  expect(outcome.facts.quarantined.map(({ id }) => id)).toEqual(['observed']);
  expect(outcome.decisions.map(({ subject, to }) => [subject.id, to])).toContainEqual(['b', 'in_progress']);
});

test('a fact that cannot be applied is quarantined with its error, and leaves nothing behind', () => {
  // Stored by a version of the container's protocol that this code does not know.
  const broken = JSON.parse(JSON.stringify({ outcome: 'conflict' }));
  const parts = {
    beads: [reviewedBead('a')],
    mergeRequests: [mergeRequest('m', 'a', { stage: 'checking', jobId: 'j' })],
    agents: [worker('x', 'a')],
    mails: [mail('1', 'x')],
    ...jobDone('j', broken),
  };
  const outcome = step(town({ ...parts, inbox: [{ type: 'convoy_started', convoyId: 'gone', by: 'ann' }] }));
  expect(outcome.facts.quarantined).toMatchObject([
    { id: 'observed', error: expect.stringContaining('slice') },
  ]);
  expect(outcome.facts.stale).toHaveLength(1);
  expect(kindsOf(outcome.changes)).not.toContain('archive mergeRequest');
});

test('two rules that break invariants each stop all rules, and nothing is committed but that', () => {
  const bad = (name: string, id: string): Rule => ({
    name,
    run: ({ draft }) => void draft.put('bead', bead(id, { status: 'closed' })),
  });
  const policy = { rules: [bad('one', 'a'), bad('two', 'b')], invariants: ALL_INVARIANTS };
  const outcome = reconcile(town({ beads: [bead('a'), bead('b')] }), [], T0, createIds(SEED, T0), policy);
  expect(outcome.changes).toEqual([]);
  expect(outcome.suspendedRules?.map(({ rule }) => rule)).toEqual(['one', 'two']);
});

test('an observed state that changes nothing is not counted among the stale facts', () => {
  const quiet = town({ ...working, observed: observed({ agents: [report('x', 'working')] }) });
  expect(step(quiet).facts).toEqual({ applied: [], stale: [], quarantined: [] });
});
