import type * as z from 'zod';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import type { TownStore } from '../../core/ports.ts';
import type { Bead } from '../../core/town/bead.ts';
import { featureBranchOf } from '../../core/town/branches.ts';
import { effectiveConfig } from '../../core/town/config.ts';
import type { Convoy } from '../../core/town/convoy.ts';
import type { Town } from '../../core/town/town.ts';
import type { RouteContext } from '../http/route.ts';
import { withTown } from './access.ts';
import type { Caller } from './caller.ts';
import type { TownDeps } from './context.ts';
import { beadsOf } from './convoys/beads-of.ts';
import type { createConvoy as createConvoyInput } from './inputs/convoys.ts';
import { newBead } from './new-bead.ts';
import { openRig } from './rigs/open-rig.ts';
import { standing } from './standing.ts';
import { checkTaskOrder } from './task-order.ts';

type Input = z.infer<typeof createConvoyInput>;

interface ConvoyWithBeads {
  readonly convoy: Convoy;
  /** In the order of the tasks. */
  readonly beads: readonly Bead[];
}

/**
 * A convoy and its beads, in one transaction; those that are there when the same creation was begun before. Cycles are refused
 * before anything is written.
 */
export async function createConvoy(
  { store, towns }: Pick<TownDeps, 'store' | 'towns'>,
  caller: Caller,
  townId: string,
  input: Input,
  { ids, at }: RouteContext,
): Promise<ConvoyWithBeads> {
  checkTaskOrder(input.tasks);
  const id = ids.next();
  const tasks = input.tasks.map((task) => ({ ...task, id: ids.next() }));
  const created = await withTown(store, caller, townId, async (town) => {
    const known = await standingConvoy(store, town, id);
    if (known !== undefined) return known;
    const rig = openRig(town.live.rig.get(input.rigId), input.rigId);
    const beads = tasks.map(({ id: beadId, title, body, dependsOn }) => {
      const blockers = [...new Set(dependsOn)].flatMap((place) => tasks[place] ?? []);
      const edges = blockers.map((blocker) => ({ id: blocker.id, outcome: 'open' as const }));
      const given = {
        id: beadId,
        rigId: rig.id,
        title,
        dependsOn: edges,
        convoyId: id,
        createdBy: caller.id,
      };
      return newBead(given, body, at);
    });
    const isStaged = input.staged ?? town.config.stagedConvoysDefault ?? false;
    const convoy: Convoy = {
      id,
      rev: 1,
      rigId: rig.id,
      title: input.title,
      mode: input.mergeMode ?? effectiveConfig(town.config, rig.config).convoyMergeMode,
      state: isStaged ? 'staged' : 'active',
      stateSince: at,
      featureBranch: featureBranchOf({ id, title: input.title }),
      beads: beads.map((bead) => ({ id: bead.id, outcome: 'open' })),
      landingAttempts: 0,
      createdBy: caller.id,
      createdAt: at,
      updatedAt: at,
    };
    const bodies = tasks.flatMap(({ id: beadId, body }) =>
      body === undefined ? [] : [[beadId, body] as const],
    );
    await store.create(town, { beads, convoys: [convoy], bodies: new Map(bodies) }, at);
    return { convoy, beads };
  });
  await towns.send({ v: MESSAGE_VERSION, townId });
  return created;
}

async function standingConvoy(
  store: TownStore,
  town: Town,
  id: string,
): Promise<ConvoyWithBeads | undefined> {
  const convoy = await standing(store, town, 'convoy', id);
  return convoy && { convoy, beads: await beadsOf(store, town, convoy) };
}
