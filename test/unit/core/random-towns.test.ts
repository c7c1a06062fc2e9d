import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { explain } from '../../../core/explain.ts';
import type { MessageFact } from '../../../core/facts/message.ts';
import { createIds } from '../../../core/ids.ts';
import { reconcile } from '../../../core/reconcile.ts';
import type { Town } from '../../../core/town/town.ts';
import { commit, itemsOf } from './commit.ts';
import { deepFreeze } from './deep-freeze.ts';
import { randomStatement } from './random-statement.ts';
import { randomTown } from './random-town.ts';
import { SEED, T0 } from './town-builder.ts';
import { unexplained } from './world.ts';

const RUNS = { numRuns: 300, interruptAfterTimeLimit: 20_000 } as const;
const messageFact: fc.Arbitrary<MessageFact> = fc.oneof(
  fc.constantFrom(1, 2).map((epoch): MessageFact => ({ type: 'task_stopped', epoch, reason: 'it ended' })),
  fc
    .record({ key: fc.constantFrom('run_task:1', 'stop_task:1'), ok: fc.boolean() })
    .map(({ key, ok }): MessageFact => ({
      type: 'effect_result',
      key,
      attempt: 1,
      result: ok ? { ok } : { ok, code: 'x', message: 'y', retry: 'backoff' },
    })),
);
const facts = fc.array(messageFact, { maxLength: 3 });
const laterMs = fc.integer({ min: 0, max: 1_200_000 });

test('statements of people and agents, whatever they speak of, break nothing, and everything is explained', () => {
  fc.assert(
    fc.property(randomTown, fc.array(randomStatement, { maxLength: 12 }), laterMs, (of, statements, ms) => {
      const now = T0 + ms;
      const inbox = statements.map((said, n) => ({ id: `inbox-${n + 10}`, at: T0, statement: said }));
      let current: Town = { ...of, inbox };
      for (let steps = 0; current.inbox.length > 0 || current.head.dueAt === now; steps += 1) {
        expect(steps).toBeLessThan(20);
        expect(unexplained(current, now)).toEqual([]);
        const outcome = reconcile(deepFreeze(current), [], now, createIds(`${SEED} ${steps}`, now));
        const { violations, suspendedRules } = outcome;
        expect({ violations, suspendedRules, quarantined: outcome.facts.quarantined }).toEqual({
          violations: [],
          suspendedRules: undefined,
          quarantined: [],
        });
        expect(itemsOf(outcome)).toBeLessThanOrEqual(98);
        current = commit(current, outcome, now).town;
      }
      expect(unexplained(current, now)).toEqual([]);
    }),
    { ...RUNS, numRuns: 500 },
  );
});

test('every live bead, convoy and merge request has a row in `why`, with a reason', () => {
  fc.assert(
    fc.property(randomTown, laterMs, (of, ms) => {
      expect(unexplained(of, T0 + ms)).toEqual([]);
      const bad = explain(of, T0 + ms).filter(
        ({ reason, waitingOn, until = Infinity }) => reason === '' || waitingOn === '' || until <= T0 + ms,
      );
      expect(bad).toEqual([]);
    }),
    RUNS,
  );
});

test('a step changes none of its inputs, and says the same for the same inputs, byte for byte', () => {
  fc.assert(
    fc.property(randomTown, facts, laterMs, (of, happened, ms) => {
      const now = T0 + ms;
      const say = (): string =>
        JSON.stringify(reconcile(deepFreeze(of), deepFreeze(happened), now, createIds(SEED, now)));
      expect(say()).toBe(say());
    }),
    RUNS,
  );
});

test('a step introduces no breach, blames no fact and no rule, and fits a transaction', () => {
  fc.assert(
    fc.property(randomTown, facts, laterMs, (of, happened, ms) => {
      const before = reconcile(of, [], T0, createIds(SEED, T0), { rules: [], invariants: [] });
      expect(before.violations).toEqual([]);
      const outcome = reconcile(of, happened, T0 + ms, createIds(SEED, T0 + ms));
      const { violations, suspendedRules } = outcome;
      expect({ violations, suspendedRules, quarantined: outcome.facts.quarantined }).toEqual({
        violations: [],
        suspendedRules: undefined,
        quarantined: [],
      });
      expect(itemsOf(outcome)).toBeLessThanOrEqual(98);
    }),
    RUNS,
  );
});

test('a town settles: the step after a settled one, at the same instant, decides nothing', () => {
  fc.assert(
    fc.property(randomTown, laterMs, (of, ms) => {
      const now = T0 + ms;
      const first = reconcile(of, [], now, createIds('first', now));
      const second = reconcile(commit(of, first, now).town, [], now, createIds('second', now));
      const { decisions, changes, container, dueAt } = second;
      expect({ decisions, changes, container }).toEqual({ decisions: [], changes: [], container: undefined });
      expect(dueAt).toBe(first.dueAt);
      expect(dueAt).not.toBe(now);
    }),
    RUNS,
  );
});

test('at its due time a town does not ask for that time again: it never wakes in a circle', () => {
  fc.assert(
    fc.property(randomTown, (of) => {
      const outcome = reconcile(of, [], T0, createIds('first', T0));
      const { dueAt } = outcome;
      fc.pre(dueAt !== undefined);
      const next = reconcile(commit(of, outcome, T0).town, [], dueAt, createIds('second', dueAt));
      expect(next.dueAt ?? Infinity).toBeGreaterThan(dueAt);
    }),
    RUNS,
  );
});
