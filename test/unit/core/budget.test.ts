import { expect, test } from 'vitest';
import { createIds } from '../../../core/ids.ts';
import { reconcile } from '../../../core/reconcile.ts';
import { STEP_BUDGET } from '../../../core/step.ts';
import { commit, itemsOf } from './commit.ts';
import { bead, convoy, rig, SEED, step, T0, town, type TownParts } from './town-builder.ts';
import { unexplained } from './world.ts';

const RIGS = ['r0', 'r1', 'r2', 'r3', 'r4'];
/** Work for 200, in as large a task as there is: 24 agents are the most that a lost one can release in one step. */
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
  expect(statuses.filter((status) => status === 'in_progress')).toHaveLength(24);
  expect(outcome.waits.filter(({ waitingOn }) => waitingOn === 'capacity')).toHaveLength(76);
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
