/** What goes wrong with one request for a step. Requests without tools (titles, summaries) are never hit. */
export type ModelFailure =
  /** Answered with this status, like 429 or 500. */
  | { kind: 'status'; status: number; retryAfterSeconds?: number }
  /** Never answered. */
  | { kind: 'hang' }
  /** The connection breaks in the middle of the streamed answer. */
  | { kind: 'drop' };

export type FailurePlan = { next(): ModelFailure | undefined };

/** The n-th request meets the n-th failure; later ones go well. */
export function planFailures(failures: readonly ModelFailure[]): FailurePlan {
  let met = 0;
  return {
    next() {
      const failure = failures[met];
      met += 1;
      return failure;
    },
  };
}
