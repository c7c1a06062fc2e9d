/** One figure of a goal, against what it should be. */
export interface Figure {
  /** Its name in `floors.json`. */
  readonly name: string;
  readonly what: string;
  readonly value: number;
  /** Whether more is better, or less. */
  readonly better: 'more' | 'less';
  readonly target: number;
  /** Counts are the same in every run; ratios of times are nearly so; a speed is that of the machine, and of what else it does. */
  readonly kind: 'count' | 'ratio' | 'speed';
}

export interface Goal {
  /** Of performance.md: G1. */
  readonly id: string;
  readonly title: string;
  /** @param isQuick smaller sizes, for a look */
  measure(isQuick: boolean): Promise<readonly Figure[]>;
}

export const isMet = ({ value, target, better }: Figure): boolean =>
  better === 'more' ? value >= target : value <= target;

/** How often something can be done in a second, the best of a few rounds: others use the machine, too. */
export function perSecond(act: () => unknown, { rounds = 5, roundMs = 150 } = {}): number {
  let best = 0;
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    let count = 0;
    while (performance.now() - startedAt < roundMs) {
      act();
      count += 1;
    }
    best = Math.max(best, count / ((performance.now() - startedAt) / 1000));
  }
  return best;
}
