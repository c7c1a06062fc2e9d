import type { Invariant } from './invariant.ts';

/** A live bead and a convoy agree on whether it belongs there. */
export const convoyHasItsBeads: Invariant = {
  name: 'convoy-has-its-beads',
  check(draft) {
    const listed = new Map(
      draft.all('convoy').flatMap(({ id, beads }) => beads.map((edge) => [edge.id, id] as const)),
    );
    return draft.all('bead').flatMap(({ id, convoyId }) => {
      const lister = listed.get(id);
      if (lister === convoyId) return [];
      return [`bead ${id} belongs to ${convoyId ?? 'no convoy'} and is listed by ${lister ?? 'none'}`];
    });
  },
};
