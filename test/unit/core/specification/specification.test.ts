import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { beadDispatch } from '../../../../core/rules/bead-dispatch.ts';
import { convoyProgress } from '../../../../core/rules/convoy-progress.ts';
import type { Outcome } from '../../../../core/reconcile.ts';
import type { Town } from '../../../../core/town/town.ts';
import { randomTown } from '../random-town.ts';
import { bead, convoy, runRules, T0, town } from '../town-builder.ts';
import { assertQuiet, ending, World } from '../world.ts';
import { convoyStateOf, dispatches, endingOf, type Plan } from './specification.ts';

const soonMs = fc.integer({ min: 0, max: 300_000 });
const laterMs = fc.integer({ min: 0, max: 1_200_000 });
const priorities = fc.array(fc.constantFrom('critical', 'high', 'medium', 'low'), {
  minLength: 8,
  maxLength: 8,
});
const maxPolecats = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined });

/**
 * What a container reports is applied before any rule looks: here it says no more than how it is. And nothing is being closed or
 * deleted.
 */
const undisturbedTown = randomTown.map((of): Town => {
  const { head, observed, live } = of;
  const convoys = [...live.convoy].map(([id, record]) => [id, { ...record, closing: undefined }] as const);
  return {
    ...of,
    head: { ...head, lifecycle: 'active' },
    observed: observed === undefined ? undefined : { ...observed, agents: [], jobs: [] },
    live: { ...live, convoy: new Map(convoys) },
  };
});

/** Random towns know one priority and one limit, and few of their pauses are still going on. */
const variedTown = fc.tuple(undisturbedTown, priorities, maxPolecats).map(([of, priority, most]): Town => {
  const beads = [...of.live.bead.values()].map((record, n) => ({
    ...record,
    priority: priority[n] ?? record.priority,
    cooldownFrom: record.cooldownFrom === undefined ? undefined : T0 - ((T0 - record.cooldownFrom) % 60_000),
  }));
  const config = { ...of.config, ...(most === undefined ? {} : { maxPolecatsPerRig: most }) };
  return { ...of, config, live: { ...of.live, bead: new Map(beads.map((record) => [record.id, record])) } };
});

/** What the core made of each bead, in its order: what it decided, or what it waits for. */
function madeOf(outcome: Outcome): Map<string, string> {
  const waits = outcome.waits.flatMap(({ subject, waitingOn }) =>
    subject.kind === 'bead' ? [[subject.id, waitingOn] as const] : [],
  );
  const decisions = outcome.decisions.flatMap(({ subject, to }) =>
    subject.kind === 'bead' ? [[subject.id, to === 'failed' ? 'fails' : 'starts'] as const] : [],
  );
  return new Map([...waits, ...decisions]);
}

test('what starts, and what stands in whose way', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(variedTown, soonMs, (of, ms) => {
      const specified = dispatches(of, T0 + ms);
      for (const [, verdict] of specified) seen.add(verdict);
      const outcome = runRules([beadDispatch], of, ms);
      const made = madeOf(outcome);
      expect(specified.map(([id]) => [id, made.get(id)])).toEqual(specified);
      const started = outcome.decisions
        .filter(({ to }) => to === 'in_progress')
        .map(({ subject }) => subject.id);
      expect(started).toEqual(specified.flatMap(([id, verdict]) => (verdict === 'starts' ? [id] : [])));
    }),
    { numRuns: 2000, interruptAfterTimeLimit: 60_000 },
  );
  const all = ['capacity', 'container', 'cooldown', 'dependencies', 'fails', 'start', 'starts'];
  expect([...seen].sort()).toEqual(all);
});

test('when a convoy lands, and when people have to look', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(undisturbedTown, fc.boolean(), laterMs, (of, isMergedAlone, ms) => {
      const mode = isMergedAlone ? 'review-and-merge' : 'review-then-land';
      const convoys = [...of.live.convoy.values()].map((record) => ({ ...record, mode }) as const);
      const merging = { ...of, live: { ...of.live, convoy: new Map(convoys.map((one) => [one.id, one])) } };
      const { changes } = runRules([convoyProgress], merging, ms);
      for (const one of convoys) {
        const change = changes.find(
          (made) => made.kind === 'convoy' && 'record' in made && made.record.id === one.id,
        );
        const after = change?.kind === 'convoy' && 'record' in change ? change.record.state : one.state;
        seen.add(`${one.state} ${after}`);
        expect([one.id, after]).toEqual([one.id, convoyStateOf(one, T0 + ms)]);
      }
    }),
    { numRuns: 1000, interruptAfterTimeLimit: 60_000 },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining(['landing landing', 'landing needs_attention', 'landing landed', 'staged staged']),
  );
});

const plan: fc.Arbitrary<Plan> = fc.record({
  convoy: fc.constantFrom('none', 'staged', 'review-then-land', 'review-and-merge'),
  beads: fc
    .array(
      fc.record({
        needs: fc.nat(),
        isHopeless: fc.nat(5).map((n) => n === 0),
        isHeld: fc.nat(9).map((n) => n === 0),
      }),
      { minLength: 1, maxLength: 7 },
    )
    .map((beads) =>
      beads.map(({ needs, ...flags }, n) => {
        // The bits of the number say which of the earlier ones.
        const earlier = Array.from({ length: n }, (_, m) => `b${m}`);
        return { ...flags, id: `b${n}`, needs: earlier.filter((_, m) => ((needs >> m) & 3) === 3) };
      }),
    ),
});

function townOf({ beads, convoy: mode }: Plan): Town {
  const open = (id: string) => ({ id, outcome: 'open' }) as const;
  const over = mode === 'staged' ? ({ state: 'staged' } as const) : mode === 'none' ? {} : { mode };
  return town({
    convoys: mode === 'none' ? [] : [convoy('k', { ...over, beads: beads.map(({ id }) => open(id)) })],
    beads: beads.map(({ id, needs, isHeld }) =>
      bead(id, {
        isHeld,
        dependsOn: needs.map(open),
        ...(mode === 'none' ? {} : { convoyId: 'k' }),
      }),
    ),
  });
}

test('how a plan ends, whatever it needs and whoever fails', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(plan, (of) => {
      const hopeless = new Set(of.beads.flatMap(({ id, isHopeless }) => (isHopeless ? [id] : [])));
      const world = new World(townOf(of), {
        agent: ({ work }) => (work.kind === 'bead' && hopeless.has(work.beadId) ? 'exit' : undefined),
      }).run();
      assertQuiet(world);
      const specified = endingOf(of);
      for (const line of specified) seen.add(line.replace(/b\d+/, 'b'));
      expect(ending(world)).toEqual(specified);
    }),
    { numRuns: 60, interruptAfterTimeLimit: 30_000 },
  );
  expect([...seen].sort()).toEqual([
    'bead b closed',
    'bead b failed',
    'bead b open',
    'convoy k active',
    'convoy k landed',
    'convoy k needs_attention',
    'convoy k staged',
  ]);
});
