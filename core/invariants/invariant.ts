import type { Draft } from '../draft.ts';

export interface Violation {
  readonly invariant: string;
  /** Says which records break it; the same breach always has the same text. */
  readonly detail: string;
}

/** What must hold after every step. */
export interface Invariant {
  readonly name: string;
  check(draft: Draft): readonly string[];
}
