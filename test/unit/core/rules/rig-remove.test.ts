import { expect, test } from 'vitest';
import { explain } from '../../../../core/explain.ts';
import { ALL_RULES } from '../../../../core/rules/all.ts';
import { rigRemove } from '../../../../core/rules/rig-remove.ts';
import { STEP_BUDGET } from '../../../../core/step.ts';
import { commit } from '../commit.ts';
import {
  agent,
  bead,
  CANDIDATE,
  convoy,
  landing,
  mergeRequest,
  reviewedBead,
  reviewer,
  rig,
  runRules,
  step,
  T0,
  town,
  triageRequest,
  type TownParts,
  workedBead,
  worker,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const removed = rig({ removing: { by: 'ann', at: T0 } });
const other = rig({ id: 'other' });
const edge = (id: string) => ({ id, outcome: 'open' }) as const;
const goes = 'rig rig: → removed';
const merging: TownParts = {
  rigs: [removed],
  beads: [reviewedBead('a'), bead('b')],
  mergeRequests: [mergeRequest('m', 'a', { stage: 'merging', candidate: CANDIDATE, jobId: 'j' })],
};

rows(rigRemove, T0, [
  { situation: 'nobody removes it', town: { beads: [bead('a')] }, waits: [] },
  {
    situation: 'nothing is left in it',
    town: { rigs: [removed] },
    decides: [goes],
    reason: 'removed by ann',
  },
  {
    situation: 'what is open and what is worked on is cancelled; of other rigs nothing',
    town: {
      rigs: [removed, other],
      beads: [bead('a'), workedBead('b', 'x'), bead('c', { rigId: 'other' })],
      agents: [worker('x', 'b')],
    },
    decides: ['bead a: open → failed', 'bead b: in_progress → failed', goes],
    reason: 'its rig is removed by ann',
  },
  {
    situation: 'what is under review ends with its merge request',
    town: {
      rigs: [removed],
      beads: [reviewedBead('a')],
      mergeRequests: [mergeRequest('m', 'a', { stage: 'reviewing', reviewerAgentId: 'r' })],
      agents: [reviewer('r', 'm')],
    },
    decides: ['mergeRequest m: reviewing → failed', 'bead a: in_review → failed', goes],
  },
  {
    situation: 'a request for triage is over',
    town: { rigs: [removed], triageRequests: [triageRequest('t')] },
    decides: ['triageRequest t: open → over', goes],
  },
  {
    situation: 'a convoy is closed; it waits for that',
    town: {
      rigs: [removed],
      beads: [bead('a', { convoyId: 'k' })],
      convoys: [convoy('k', { beads: [edge('a')] })],
    },
    decides: ['convoy k: active → closing', 'bead a: open → failed'],
    waits: ['rig rig: waiting on the next step'],
  },
  {
    situation: 'a landing ends',
    town: {
      rigs: [removed],
      convoys: [convoy('k', { state: 'landing', landingMergeRequestId: 'm' })],
      mergeRequests: [landing('m', 'k', { stage: 'checking' })],
    },
    decides: ['convoy k: landing → closing', 'mergeRequest m: checking → failed'],
  },
  {
    situation: 'a merge that is under way is waited for; the others end',
    town: merging,
    decides: ['bead b: open → failed'],
    waits: ['rig rig: waiting on merge'],
    dueAfterMs: null,
  },
  {
    situation: 'then it says what is left',
    town: { ...merging, beads: [reviewedBead('a')] },
    reason: 'it is being removed: 2 left; a merge is under way',
  },
  {
    situation: 'in a paused town that merge waits for somebody',
    town: { ...merging, beads: [reviewedBead('a')], head: { lifecycle: 'paused' } },
    reason: 'resumes the town',
  },
  {
    situation: 'a paused town removes rigs, too',
    town: { rigs: [removed], beads: [bead('a')], head: { lifecycle: 'paused' } },
    decides: ['bead a: open → failed', goes],
  },
]);

test('its agents go with it, those of others and the mayor stay; the record is kept', () => {
  const agents = [
    agent('x'),
    agent('r', { role: 'refinery' }),
    agent('y', { rigId: 'other' }),
    agent('mayor', { role: 'mayor', rigId: '' }),
  ];
  const { changes } = runRules([rigRemove], town({ rigs: [removed, other], agents }));
  expect(changes).toMatchObject([
    { op: 'delete', kind: 'agent', before: { id: 'x' } },
    { op: 'delete', kind: 'agent', before: { id: 'r' } },
    { op: 'archive', kind: 'rig', record: { id: 'rig', removing: undefined } },
  ]);
});

test('a rig with more than a step has room for goes in several, and says in between how much is left', () => {
  const beads = Array.from({ length: 60 }, (_, n) =>
    n % 3 === 0 ? reviewedBead(`b${n}`) : bead(`b${n}`, n % 3 === 1 ? { convoyId: 'k' } : {}),
  );
  const inReview = beads.filter(({ status }) => status === 'in_review');
  const inConvoy = beads.filter(({ convoyId }) => convoyId !== undefined);
  let of = town({
    rigs: [removed],
    beads,
    convoys: [convoy('k', { beads: inConvoy.map(({ id }) => edge(id)) })],
    mergeRequests: inReview.map(({ id }) => mergeRequest(`m-${id}`, id)),
    agents: Array.from({ length: 100 }, (_, n) => agent(`x${n}`)),
  });
  const left: (string | undefined)[] = [];
  for (let steps = 0; of.live.rig.size > 0; steps += 1) {
    expect(steps).toBeLessThan(20);
    left.push(explain(of, T0).find(({ subject }) => subject.kind === 'rig')?.reason);
    const outcome = step(of);
    // Nothing of it begins in between.
    const begun = outcome.decisions.filter(({ to }) => to === 'in_progress' || to === 'reviewing');
    expect([outcome.violations, outcome.suspendedRules, begun]).toEqual([[], undefined, []]);
    of = commit(of, outcome, T0).town;
  }
  expect(left.length).toBeGreaterThan(3);
  expect(left[0]).toBe('it is being removed: 81 left');
  expect([...of.live.bead, ...of.live.convoy, ...of.live.mergeRequest, ...of.live.agent]).toEqual([]);
});

test('what waits for a decision of triage in it is over', () => {
  const requests = Array.from({ length: 20 }, (_, n) =>
    triageRequest(`t${n}`, { rigId: n === 0 ? 'other' : 'rig' }),
  );
  let state = town({ rigs: [removed, other], triageRequests: requests });
  for (let nth = 0; nth < 5 && state.live.rig.has('rig'); nth += 1)
    state = commit(state, runRules([rigRemove], state), T0).town;
  expect([...state.live.triageRequest.keys()]).toEqual(['t0']);
  expect([...state.live.rig.keys()]).toEqual(['other']);
});

test('of more agents than a step has room for, some go in the next one', () => {
  const agents = Array.from({ length: 120 }, (_, n) => agent(`x${n}`, { rigId: 'rig' }));
  const { changes, dueAt } = runRules([rigRemove], town({ rigs: [removed], agents }));
  // Each takes the row of its snapshot along.
  expect(changes.length).toBe(STEP_BUDGET / 2);
  expect(dueAt).toBe(T0);
});

test('it comes before what could begin something', () => {
  const names = ALL_RULES.map(({ name }) => name);
  expect(names.indexOf('rig/remove')).toBeLessThan(names.indexOf('convoy/close'));
});
