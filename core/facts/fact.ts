import type { Step } from '../step.ts';

/**
 * What became of a fact: `applied`, or `stale` (it speaks of an attempt, epoch or record that is no more, and changes
 * nothing). A fact that throws is quarantined.
 */
export type FactOutcome = 'applied' | 'stale';

export type ApplyFact<F> = (step: Step, fact: F) => FactOutcome;
export type StatementOf<S extends { type: string }, T extends S['type']> = Extract<S, { type: T }>;
