import { Conflict, NotFound } from '../../../core/errors.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import type { Caller } from '../caller.ts';
import { edgesTo } from '../beads/edges.ts';
import type { TownDeps } from '../context.ts';
import { liveRecord, openTown, tell } from '../statements.ts';

/** As many beads as a convoy is made with. */
const MAX_CONVOY_BEADS = 50;

/** A bead that nobody has begun joins a convoy that is not landing; the town does it later. */
export async function addConvoyBead(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  convoyId: string,
  { beadId, dependsOn }: { beadId: string; dependsOn: readonly string[] },
): Promise<Convoy> {
  const town = await openTown(deps, caller, townId);
  const convoy = await liveRecord(deps, town, 'convoy', convoyId);
  const bead = await liveRecord(deps, town, 'bead', beadId);
  const problem = (() => {
    if (convoy.closing !== undefined) return 'the convoy is being closed';
    if (convoy.state === 'landing') return 'the convoy is landing';
    if (convoy.beads.length >= MAX_CONVOY_BEADS) return `a convoy has at most ${MAX_CONVOY_BEADS} beads`;
    if (bead.convoyId !== undefined) return `the bead is in convoy ${bead.convoyId} already`;
    if (bead.rigId !== convoy.rigId) return 'the bead is of another rig';
    if (bead.status !== 'open' || bead.branch !== undefined) return 'work on the bead has begun';
    const stranger = dependsOn.find((id) => !convoy.beads.some((edge) => edge.id === id));
    return stranger === undefined ? undefined : `bead ${stranger} of \`dependsOn\` is not in the convoy`;
  })();
  if (problem !== undefined) throw new Conflict(`The bead cannot be added: ${problem}.`);
  // Refuses circles.
  await edgesTo(deps, town, beadId, [...bead.dependsOn.map(({ id }) => id), ...dependsOn]);
  await tell(deps, townId, {
    type: 'convoy_bead_added',
    convoyId,
    beadId,
    dependsOn: [...dependsOn],
    by: caller.id,
  });
  return convoy;
}

/** A convoy goes on without a bead that failed or that nobody has begun; the town does it later. */
export async function removeConvoyBead(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  convoyId: string,
  beadId: string,
): Promise<Convoy> {
  const town = await openTown(deps, caller, townId);
  const convoy = await liveRecord(deps, town, 'convoy', convoyId);
  const edge = convoy.beads.find(({ id }) => id === beadId);
  if (edge === undefined) throw new NotFound(`There is no bead ${beadId} in this convoy.`);
  if (edge.outcome === 'closed')
    throw new Conflict("The bead is closed: its work is on the convoy's branch.");
  const bead = town.live.bead.get(beadId);
  if (bead !== undefined && (bead.status !== 'open' || bead.branch !== undefined)) {
    throw new Conflict('Work on the bead has begun; cancel it first.');
  }
  await tell(deps, townId, { type: 'convoy_bead_removed', convoyId, beadId, by: caller.id });
  return convoy;
}
