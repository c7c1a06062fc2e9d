import { describe, expect, test } from 'vitest';
import { createIds } from '../../core/ids.ts';
import { ALL_INVARIANTS } from '../../core/invariants/all.ts';
import { reconcile } from '../../core/reconcile.ts';
import { ALL_RULES } from '../../core/rules/all.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { brokenBy, minimise, tell } from './minimise.ts';
import { MODES, simulate } from './simulate.ts';
import { storyOf } from './story/story.ts';
import { count, newTally, report } from './tally.ts';

/** Stories of each kind in the normal run; `npm run simulate` tells thousands. */
const SEEDS = 60;

describe.each(MODES)('%s', (mode) => {
  test(`what must hold holds in ${SEEDS} random stories`, { timeout: 240_000 }, async () => {
    const tally = newTally();
    const startedAt = Date.now();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      try {
        count(tally, await simulate(storyOf(seed), mode));
      } catch (error) {
        const repeat = `npm run simulate -- --seeds 1 --from ${seed} --mode ${mode}`;
        throw new Error(`seed ${seed}: ${String(error)}\nRepeat it: ${repeat}`, { cause: error });
      }
    }
    console.log(report(tally, Date.now() - startedAt));
    expect(tally.seeds).toBe(SEEDS);
  });
});

test('the same seed tells the same story', async () => {
  const once = async () => {
    const { faults, seen, commits, effort, virtualMs } = await simulate(storyOf(7), 'liveness');
    return { faults: [...faults], seen: [...seen].sort(), commits, effort, virtualMs };
  };
  expect(await once()).toEqual(await once());
});

/** This core with one rule done otherwise. */
const coreWith = (change: (rule: Rule) => Rule | undefined): { decide: typeof reconcile } => {
  const rules = ALL_RULES.flatMap((rule) => change(rule) ?? []);
  return {
    decide: (town, facts, now, ids) =>
      reconcile(town, facts, now, createIds(ids.seed, now), { rules, invariants: ALL_INVARIANTS }),
  };
};

const without = (name: string) => coreWith((rule) => (rule.name === name ? undefined : rule));

describe('a core with a fault is found out, with a smaller story', () => {
  test.each([
    {
      of: 'a container that is lost is never given up',
      rule: 'container/lost',
      promise: 'a town at rest has no container',
    },
    {
      of: 'effects without an answer are never asked for again',
      rule: 'outbox/retry',
      promise: 'effects come to an end',
    },
    {
      of: 'merge requests never get the slot',
      rule: 'merge-queue/slot',
      promise: 'what is left waits for somebody',
    },
    { of: 'containers never stop', rule: 'container/idle', promise: 'everything comes to rest' },
  ])('$of', { timeout: 120_000 }, async ({ rule, promise }) => {
    const core = without(rule);
    for (let seed = 1; seed <= 60; seed += 1) {
      const story = storyOf(seed);
      const failure = await brokenBy(story, 'liveness', core);
      if (failure === undefined) continue;
      expect(failure.promise).toBe(promise);
      const smaller = await minimise(story, 'liveness', failure, { limitMs: 10_000, core });
      expect(smaller.acts.length + smaller.faults.length).toBeLessThan(
        story.acts.length + story.faults.length,
      );
      expect((await brokenBy(smaller, 'liveness', core))?.promise).toBe(failure.promise);
      expect(await brokenBy(smaller, 'liveness')).toBeUndefined();
      expect(tell(smaller)).toContain('town 0');
      return;
    }
    throw new Error('60 stories did not find it');
  });
});
