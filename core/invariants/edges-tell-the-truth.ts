import type { Invariant } from './invariant.ts';

/** An edge to a live bead is open: outcomes are written by the commit that ends the bead, and only then. */
export const edgesTellTheTruth: Invariant = {
  name: 'edges-tell-the-truth',
  check(draft) {
    const holders = [
      ...draft.all('bead').map(({ id, dependsOn }) => ({ id, edges: dependsOn })),
      ...draft.all('convoy').map(({ id, beads }) => ({ id, edges: beads })),
    ];
    return holders.flatMap(({ id, edges }) =>
      edges
        .filter((edge) => (edge.outcome === 'open') !== (draft.get('bead', edge.id) !== undefined))
        .map((edge) => `${id} says that ${edge.id} is ${edge.outcome}`),
    );
  },
};
