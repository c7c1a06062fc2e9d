import { Conflict } from '../../../core/errors.ts';
import type { InboxStatement } from '../../../core/facts/inbox.ts';
import type { Bead, Edge } from '../../../core/town/bead.ts';
import type { Town } from '../../../core/town/town.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { refuseWhileMerging } from '../merging.ts';
import { anyRecord, openTown, tell } from '../statements.ts';

/** Asks for an ended bead anew; the town makes it live again later. */
export async function reopenBead(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  beadId: string,
): Promise<Bead> {
  const town = await openTown(deps, caller, townId);
  const bead = await anyRecord(deps, town, 'bead', beadId);
  if (town.live.bead.has(beadId))
    throw new Conflict(`The bead is ${bead.status}; only an ended one is reopened.`);
  const rig = town.live.rig.get(bead.rigId);
  if (rig === undefined || rig.removing !== undefined) {
    const was = rig === undefined ? 'was' : 'is being';
    throw new Conflict(`The rig of this bead ${was} removed. Create a bead in another rig.`);
  }
  if (bead.convoyId !== undefined) refuseWhileMerging(town, [bead.convoyId], 'The convoy of the bead');
  await tell(deps, townId, await reopening(deps, town, bead, caller));
  return bead;
}

/** The statement, with the edges of the archived record brought up to date: blockers may have ended since. */
export async function reopening(
  { store }: TownDeps,
  town: Town,
  bead: Bead,
  caller: Caller,
): Promise<InboxStatement> {
  const dependsOn: Edge[] = [];
  for (const edge of bead.dependsOn) {
    if (town.live.bead.has(edge.id)) dependsOn.push({ ...edge, outcome: 'open' });
    else {
      const ended = await store.archived(town.head.id, 'bead', edge.id);
      // A blocker that was deleted blocks nothing.
      if (ended !== undefined)
        dependsOn.push({ ...edge, outcome: ended.status === 'closed' ? 'closed' : 'failed' });
    }
  }
  return { type: 'bead_reopened', bead: { ...bead, dependsOn }, by: caller.id };
}
