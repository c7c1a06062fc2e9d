import { Conflict } from '../../core/errors.ts';
import type { Town } from '../../core/town/town.ts';

/** @throws Conflict while a merge of one of these is under way: it is not stopped half-way. */
export function refuseWhileMerging({ live }: Town, ids: readonly string[], what: string): void {
  const isMerging = [...live.mergeRequest.values()].some(
    ({ subject, stage }) => stage === 'merging' && ids.includes(subject.id),
  );
  if (isMerging) {
    throw new Conflict(
      `${what} is being merged right now; that cannot be stopped half-way. Try again in a moment.`,
    );
  }
}
