import type { Bead, Explanation } from '../client/api.generated.ts';

/** Looks in a row before silence counts: the beads and the reasons are two requests, between which things move. */
const LOOKS = 3;

/** Finds the work that stands still without a word on why: the promise that nothing is stuck without a visible reason. */
export function createStillnessWatch() {
  /** By bead: how often in a row it was seen as it was, unexplained. */
  const seen = new Map<string, { readonly at: string; readonly looks: number }>();
  return {
    /** @returns what has stood still unexplained for as many looks as it takes to be sure */
    look(beads: readonly Bead[], why: readonly Explanation[]): Bead[] {
      const explained = new Set(why.map(({ subject }) => subject.id));
      return beads.filter((bead) => {
        const isStill = bead.status === 'open' && !explained.has(bead.id);
        const before = seen.get(bead.id);
        const looks = isStill ? (before?.at === bead.updatedAt ? before.looks + 1 : 1) : 0;
        seen.set(bead.id, { at: bead.updatedAt, looks });
        return looks >= LOOKS;
      });
    },
  };
}
