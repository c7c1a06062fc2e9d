import { expect, test } from 'vitest';
import { createIds } from '../../../core/ids.ts';
import { reconcile } from '../../../core/reconcile.ts';
import { STEP_BUDGET } from '../../../core/step.ts';
import { commit, itemsOf } from './commit.ts';
import {
  bead,
  container,
  convoy,
  landing,
  mail,
  mergeRequest,
  observed,
  report,
  reviewedBead,
  reviewer,
  rig,
  SEED,
  step,
  T0,
  town,
  type TownParts,
  workedBead,
  worker,
} from './town-builder.ts';
import { unexplained } from './world.ts';

const RIGS = ['r0', 'r1', 'r2', 'r3', 'r4'];
/** Work for 200, in as large a task as there is: 20 agents are the most that a lost one can release in one step. */
const many: TownParts = {
  config: { maxPolecatsPerRig: 50, container: { memoryGiB: 120 } },
  rigs: RIGS.map((id) => rig({ id, config: { maxConcurrentPolecats: 50 } })),
  beads: Array.from({ length: 200 }, (_, n) => bead(`b${n}`, { rigId: RIGS[n % RIGS.length] ?? '' })),
};

/** Steps at one instant until the town is settled. */
function settle(parts: TownParts, maxSteps: number) {
  let current = town(parts);
  const sizes: number[] = [];
  for (let steps = 0; steps < maxSteps; steps += 1) {
    expect(unexplained(current, T0)).toEqual([]);
    const outcome = reconcile(current, [], T0, createIds(`${SEED} ${steps}`, T0));
    expect({ ...outcome.facts, applied: [], stale: [] }).toMatchObject({ quarantined: [] });
    expect([outcome.violations, outcome.suspendedRules]).toEqual([[], undefined]);
    sizes.push(itemsOf(outcome));
    current = commit(current, outcome, T0).town;
    if (outcome.dueAt !== T0) return { sizes, town: current, outcome };
  }
  throw new Error(`not settled after ${maxSteps} steps`);
}

test('what 200 beads need is decided in several steps, each within the budget and due at once until all is', () => {
  // Half of them are to be dispatched, half have no attempt left and are ended.
  const beads = (many.beads ?? []).map((one, n) => (n % 2 === 0 ? one : { ...one, attempt: 5 }));
  const { sizes, town: settled, outcome } = settle({ ...many, beads }, 20);
  expect(sizes.length).toBeGreaterThan(2);
  // The container and its effect are written, whatever else is.
  for (const size of sizes) expect(size).toBeLessThanOrEqual(STEP_BUDGET + 3);
  const statuses = [...settled.live.bead.values()].map(({ status }) => status);
  expect(statuses.filter((status) => status === 'in_progress')).toHaveLength(20);
  expect(outcome.waits.filter(({ waitingOn }) => waitingOn === 'capacity')).toHaveLength(80);
});

test('200 statements are applied in several steps, in order, each once', () => {
  const beads = (many.beads ?? []).map((one) => ({ ...one, isHeld: true }));
  const inbox = beads.map(
    ({ id }) => ({ type: 'bead_cancelled', beadId: id, as: 'closed', by: 'ann' }) as const,
  );
  const { sizes, town: settled } = settle({ ...many, beads, inbox }, 20);
  for (const size of sizes) expect(size).toBeLessThanOrEqual(STEP_BUDGET + 3);
  expect(settled.live.bead.size).toBe(0);
  expect(settled.inbox).toEqual([]);
});

test('a statement that nearly fills a step is applied alone, not on top of others', () => {
  const edge = { id: 'a', outcome: 'open' } as const;
  const dependents = Array.from({ length: 50 }, (_, n) => bead(`b${n}`, { isHeld: true, dependsOn: [edge] }));
  const held = Array.from({ length: 20 }, (_, n) => bead(`h${n}`, { isHeld: true }));
  const inbox = [
    ...held.map(({ id }) => ({ type: 'bead_cancelled', beadId: id, as: 'closed', by: 'ann' }) as const),
    { type: 'bead_cancelled', beadId: 'a', as: 'closed', by: 'ann' } as const,
  ];
  const { sizes, town: settled } = settle({ beads: [bead('a'), ...dependents, ...held], inbox }, 10);
  for (const size of sizes) expect(size).toBeLessThanOrEqual(STEP_BUDGET + 3);
  expect([...settled.live.bead.values()].every(({ dependsOn }) => dependsOn[0]?.outcome === 'closed')).toBe(
    true,
  );
});

test('message facts without room are left over for the next step, in their order', () => {
  const beads = (many.beads ?? []).map((one) => ({ ...one, isHeld: true }));
  const inbox = beads.map(
    ({ id }) => ({ type: 'bead_cancelled', beadId: id, as: 'closed', by: 'ann' }) as const,
  );
  const facts = [
    { type: 'container_synced', epoch: 1, sequence: 1 },
    { type: 'container_synced', epoch: 1, sequence: 2 },
  ] as const;
  const outcome = step(town({ ...many, beads, inbox }), facts);
  expect([...outcome.facts.applied.map(({ fact }) => fact), ...outcome.leftOver].slice(-2)).toEqual(facts);
  expect(outcome.dueAt).toBe(T0);
});

test('convoys that end by the dozen go on in the next step', () => {
  const convoys = Array.from({ length: 100 }, (_, n) =>
    convoy(`k${n}`, { mode: 'review-and-merge', beads: [{ id: 'gone', outcome: 'closed' }] }),
  );
  const { sizes, town: settled } = settle({ convoys }, 10);
  for (const size of sizes) expect(size).toBeLessThanOrEqual(STEP_BUDGET + 3);
  expect(settled.live.convoy.size).toBe(0);
});

const open = (id: string) => ({ id, outcome: 'open' }) as const;
const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const mine = { convoyId: 'k' };

/** What costs most: dependents, merge requests, reviewers, agents at work, messages. */
const LARGE: readonly { of: string; parts: TownParts; live: Partial<Record<'bead' | 'convoy', number>> }[] = [
  {
    of: 'a convoy of 50 beads under review is closed',
    parts: {
      beads: ids('a', 50).map((id) => reviewedBead(id, mine)),
      mergeRequests: ids('a', 50).map((id) => mergeRequest(`m${id}`, id)),
      convoys: [convoy('k', { beads: ids('a', 50).map(open), closing: { by: 'ann', reason: 'x' } })],
    },
    live: { bead: 0, convoy: 0 },
  },
  {
    of: 'a convoy of 50 beads that all wait for each other is closed',
    parts: {
      beads: ids('a', 50).map((id, n) =>
        bead(id, { ...mine, dependsOn: ids('a', n).map((before) => open(before)) }),
      ),
      convoys: [convoy('k', { beads: ids('a', 50).map(open), closing: { by: 'ann', reason: 'x' } })],
    },
    live: { bead: 0, convoy: 0 },
  },
  {
    of: 'a bead under review that 50 others wait for is deleted',
    parts: {
      beads: [
        reviewedBead('a', mine),
        ...ids('d', 50).map((id) => bead(id, { isHeld: true, dependsOn: [open('a')] })),
      ],
      mergeRequests: [mergeRequest('m', 'a', { stage: 'reviewing', reviewerAgentId: 'ref' })],
      agents: [reviewer('ref', 'm')],
      mails: ids('n', 30).map((id) => mail(id, 'ref')),
      convoys: [convoy('k', { state: 'staged', beads: [open('a')] })],
      inbox: [{ type: 'bead_deleted', beadId: 'a', by: 'ann' }],
    },
    live: { bead: 50 },
  },
  {
    of: 'a bead that 50 others wait for is asked for anew, while its convoy lands',
    parts: {
      beads: ids('d', 50).map((id) =>
        bead(id, { isHeld: true, dependsOn: [{ id: 'a', outcome: 'closed' }] }),
      ),
      mergeRequests: [landing('m', 'k', { stage: 'reviewing', reviewerAgentId: 'ref' })],
      agents: [reviewer('ref', 'm')],
      convoys: [
        convoy('k', {
          state: 'landing',
          landingMergeRequestId: 'm',
          beads: [{ id: 'a', outcome: 'closed' }],
        }),
      ],
      inbox: [{ type: 'bead_reopened', bead: bead('a', { ...mine, status: 'closed' }), by: 'ann' }],
    },
    live: { bead: 51, convoy: 1 },
  },
];

test.each(LARGE)('$of: each step fits a transaction', ({ parts, live }) => {
  const { sizes, town: settled } = settle(parts, 20);
  for (const size of sizes) expect(size).toBeLessThanOrEqual(STEP_BUDGET + 3);
  expect({ bead: settled.live.bead.size, convoy: settled.live.convoy.size }).toMatchObject(live);
});

/** As many agents as fit into a container, each with spent tokens and more messages than a step can take off. */
const full: TownParts = {
  ...many,
  beads: ids('w', 20).map((id) => workedBead(id, `x${id}`, { rigId: 'r0', ...mine })),
  agents: ids('w', 20).map((id) => worker(`x${id}`, id, { rigId: 'r0' })),
  convoys: [convoy('k', { rigId: 'r0', beads: ids('w', 20).map(open) })],
  mails: ids('w', 20).flatMap((id) => ids(`${id}-`, 10).map((mailId) => mail(mailId, `x${id}`))),
  container: container('running'),
};
const usage = { inputTokens: 10, outputTokens: 10, costUsd: 1 };

test('losing a container with 20 agents, to each of whom much was to be said, fits a transaction', () => {
  const agents = (full.agents ?? []).map(({ id }) => report(id, 'working', { usage }));
  const of = town({ ...full, observed: observed({ agents }) });
  const outcome = step(of, [{ type: 'task_stopped', epoch: 1, reason: 'Spot interruption' }]);
  expect(itemsOf(outcome)).toBeLessThanOrEqual(98);
  expect(outcome.history.filter(({ kind }) => kind === 'attempt')).toHaveLength(20);
  expect(outcome.dueAt).toBe(T0);
});

test('200 messages that were delivered are taken off in several steps', () => {
  const agents = (full.agents ?? []).map(({ id }) =>
    report(id, 'working', {
      deliveredMessageIds: (full.mails ?? []).filter(({ agentId }) => agentId === id).map((told) => told.id),
    }),
  );
  const { sizes, town: settled } = settle({ ...full, observed: observed({ agents }) }, 10);
  for (const size of sizes) expect(size).toBeLessThanOrEqual(STEP_BUDGET + 3);
  expect(settled.live.mail.size).toBe(0);
});
