import type { Bead } from '../town/bead.ts';
import type { Convoy } from '../town/convoy.ts';
import type { MergeRequest } from '../town/merge-request.ts';
import type { LiveMaps } from '../town/town.ts';

/** What is unfinished in a rig. */
export const workOfRig = (
  { bead, convoy, mergeRequest }: LiveMaps,
  id: string,
): (Bead | Convoy | MergeRequest)[] =>
  [...bead.values(), ...convoy.values(), ...mergeRequest.values()].filter(({ rigId }) => rigId === id);
