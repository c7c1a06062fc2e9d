import type { Step } from '../step.ts';
import type { Head } from '../town/head.ts';

/** A rule looks at the town and decides; it runs in every step until a whole pass decides nothing. */
export interface Rule {
  readonly name: string;
  /** In which towns it runs. @default active ones only: a paused town dispatches and merges nothing. */
  readonly lifecycles?: readonly Head['lifecycle'][];
  run(step: Step): void;
}

/**
 * A rule in words; docs/rules.md is made of these. The file of each rule exports it as `about`, beside the rule and not in it: so it does
 * not become part of what the functions load.
 */
export interface RuleAbout {
  /** The situation that it looks for. */
  readonly when: string;
  /** What keeps it from deciding, in the order in which it asks. */
  readonly guards: readonly string[];
  /** What it decides. */
  readonly decides: readonly string[];
  /** The times that it waits for, and what happens then. */
  readonly deadline?: string;
  /** Where its behaviour comes from: `3.2 A1` is a row of the reference, `H-02` a hazard, `decision 9` one of the design's. */
  readonly reference: readonly string[];
}

export const ALL_LIFECYCLES: readonly Head['lifecycle'][] = ['active', 'paused', 'deleting'];
