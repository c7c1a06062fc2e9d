import type { Step } from '../step.ts';
import type { Head } from '../town/head.ts';

/** A rule looks at the town and decides; it runs in every step until a whole pass decides nothing. */
export interface Rule {
  readonly name: string;
  /** In which towns it runs. @default active ones only: a paused town dispatches and merges nothing. */
  readonly lifecycles?: readonly Head['lifecycle'][];
  run(step: Step): void;
}

export const ALL_LIFECYCLES: readonly Head['lifecycle'][] = ['active', 'paused', 'deleting'];
