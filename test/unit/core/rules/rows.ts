import { expect, test } from 'vitest';
import type { Rule } from '../../../../core/rules/rule.ts';
import { STEP_BUDGET } from '../../../../core/step.ts';
import { decided, runRules, T0, town, type TownParts, waited } from '../town-builder.ts';

/** A situation and what a rule makes of it. */
export interface Row {
  readonly situation: string;
  readonly town: TownParts;
  /** Milliseconds after everything in the town happened. @default 0 */
  readonly afterMs?: number;
  /** What is decided, as `decided` shows it. @default nothing */
  readonly decides?: readonly string[];
  /** Part of the reason of the first decision, or of the first wait where nothing is decided. */
  readonly reason?: string;
  /** What waits afterwards, as `waited` shows it. Not looked at when it is not said. */
  readonly waits?: readonly string[];
  /** What is decided writes no item, or cannot wait. */
  readonly isUrgent?: true;
  /** When the town looks again, in milliseconds after everything happened. Not looked at when it is not said. */
  readonly dueAfterMs?: number | null;
}

/** Statements about nothing: taking them off fills a step. */
const FULL = Array.from({ length: STEP_BUDGET }, (_, n) => ({
  type: 'bead_started' as const,
  beadId: `nothing-${n}`,
  by: 'ann',
}));

/**
 * A test a row: the rule alone, in the situation; it must not break an invariant. And wherever it decides something, it decides nothing
 * in a step that is full already.
 */
export function rows(rule: Rule, start: number, table: readonly Row[]): void {
  const deciding = table.filter(({ decides = [], isUrgent = false }) => decides.length > 0 && !isUrgent);
  test.each(deciding)(`${rule.name} in a full step: $situation`, ({ town: parts, afterMs = 0 }) => {
    const outcome = runRules([rule], town({ ...parts, inbox: FULL }), afterMs);
    expect(outcome.decisions).toEqual([]);
    expect(outcome.dueAt).toBe(T0 + afterMs);
  });
  test.each(table)(`${rule.name}: $situation`, (row) => {
    const { afterMs = 0, decides = [], reason = '' } = row;
    const outcome = runRules([rule], town(row.town), afterMs);
    const [first] = outcome.decisions.length > 0 ? outcome.decisions : outcome.waits;
    const dueAfterMs = outcome.dueAt === undefined ? null : outcome.dueAt - start;
    expect({
      decides: decided(outcome),
      reason: first?.reason ?? '',
      waits: waited(outcome),
      dueAfterMs,
      suspended: outcome.suspendedRules,
    }).toEqual({
      decides,
      reason: expect.stringContaining(reason),
      waits: row.waits ?? waited(outcome),
      dueAfterMs: row.dueAfterMs === undefined ? dueAfterMs : row.dueAfterMs,
      suspended: undefined,
    });
  });
}

/** For a rule whose decisions must not wait for the next step: they are few, and write an item or two. */
export const urgently = (table: readonly Row[]): Row[] => table.map((row) => ({ ...row, isUrgent: true }));
