import { createIds } from '../ids.ts';
import { reconcile } from '../reconcile.ts';
import type { LogRecord } from '../move/file-format.ts';
import { stepsBackwards, type RecordedTown } from './rebuild.ts';

type Decided = Omit<LogRecord['decisions'][number], 'id'>;

/** A decision that is not the same: what was decided, and what is decided now; one of them may be missing. */
export interface Difference {
  readonly version: number;
  readonly at: number;
  readonly codeVersion: string | undefined;
  readonly was: Decided | undefined;
  readonly is: Decided | undefined;
}

export interface ReplayResult {
  readonly steps: number;
  readonly same: number;
  /** Oldest first. */
  readonly differences: readonly Difference[];
  /** Steps that could not be taken again, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
}

/**
 * Takes every step of an exported town again, on the town as it was then, with another core or this one, and compares the decisions.
 * @param decide the core that decides. @default this one
 */
export function replay(recorded: RecordedTown, decide: typeof reconcile = reconcile): ReplayResult {
  const differences: Difference[] = [];
  const skipped = new Map<string, number>();
  const skip = (reason: string): void => void skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  let steps = 0;
  let same = 0;
  for (const step of stepsBackwards(recorded)) {
    steps += 1;
    if ('skipped' in step) {
      skip(step.skipped);
      continue;
    }
    const { version, at, codeVersion, town, facts, seed } = step;
    const now = decide(town, facts, at, createIds(seed, at)).decisions.map(withoutId);
    const was = step.decisions.map(withoutId);
    const found = differing(was, now);
    if (found.length === 0) same += 1;
    else if (step.isFull) skip('it was full, and what was left over is not known');
    else differences.unshift(...found.map((pair) => ({ version, at, codeVersion, ...pair })));
  }
  return { steps, same, differences, skipped };
}

const withoutId = ({ rule, subject, from, to, reason }: Decided): Decided => ({
  rule,
  subject,
  from,
  to,
  reason,
});

/** Decisions are made in an order: those that one side has and the other has not, with what stands in their place. */
function differing(was: readonly Decided[], is: readonly Decided[]): Pick<Difference, 'was' | 'is'>[] {
  const textsOf = (all: readonly Decided[]): string[] => all.map((one) => JSON.stringify(one));
  const [before, after] = [textsOf(was), textsOf(is)];
  const onlyIn = (mine: readonly string[], others: readonly string[], all: readonly Decided[]): Decided[] => {
    const left = [...others];
    return all.filter((_, place) => {
      const at = left.indexOf(mine[place] ?? '');
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  const gone = onlyIn(before, after, was);
  const come = onlyIn(after, before, is);
  if (gone.length + come.length > 0)
    return Array.from({ length: Math.max(gone.length, come.length) }, (_, place) => ({
      was: gone[place],
      is: come[place],
    }));
  const place = before.findIndex((text, nth) => text !== after[nth]);
  return place < 0 ? [] : [{ was: was[place], is: is[place] }];
}
