import type { Step } from '../step.ts';

/** A rule looks at the town and decides; it runs in every step until a whole pass decides nothing. */
export interface Rule {
  readonly name: string;
  run(step: Step): void;
}
