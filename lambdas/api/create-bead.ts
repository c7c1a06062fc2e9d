import type * as z from 'zod';
import { Conflict } from '../../core/errors.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import type { TownStore } from '../../core/ports.ts';
import type { Bead, Edge } from '../../core/town/bead.ts';
import type { Instant } from '../../core/town/instant.ts';
import type { Town } from '../../core/town/town.ts';
import type { RouteContext } from '../http/route.ts';
import { headOf, withTown } from './access.ts';
import type { Caller } from './caller.ts';
import { edgesTo } from './beads/edges.ts';
import type { TownDeps } from './context.ts';
import type { createBead as createBeadInput } from './inputs/beads.ts';
import { newBead } from './new-bead.ts';
import { openRig } from './rigs/open-rig.ts';
import { standing } from './standing.ts';

type Input = z.infer<typeof createBeadInput>;

/** What the creation will write, whenever it gets there. */
interface Making {
  readonly id: string;
  readonly at: Instant;
  readonly input: Input;
}

/**
 * A bead; the one that is there when the same creation was begun before. What it depends on is looked up in the town it is
 * written to: the write fails if that has changed. One that depends on nothing has nothing to conflict with, and many may be
 * created at once.
 */
export async function createBead(
  deps: Pick<TownDeps, 'store' | 'towns'>,
  caller: Caller,
  townId: string,
  input: Input,
  { ids, at }: RouteContext,
): Promise<Bead> {
  const { store, towns } = deps;
  const making = { id: ids.next(), at, input };
  const bead =
    input.dependsOn.length === 0
      ? await createFree(store, caller, townId, making)
      : await withTown(store, caller, townId, (town) => createDependent(deps, caller, town, making));
  await towns.send({ v: MESSAGE_VERSION, townId });
  return bead;
}

async function createFree(store: TownStore, caller: Caller, townId: string, making: Making): Promise<Bead> {
  const { id, input } = making;
  const head = await headOf(store, caller, townId);
  if (head.lifecycle === 'deleting') throw new Conflict('The town is being deleted.');
  const [rig, ended] = await Promise.all([
    store.record(townId, 'rig', input.rigId),
    store.archived(townId, 'bead', id),
  ]);
  if (ended !== undefined) return ended;
  openRig(rig, input.rigId);
  const bead = beadOf(making, caller, []);
  try {
    await store.addBead(townId, bead, input.body);
    return bead;
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    // An earlier try may have died before the head was bumped: without that the town would not look.
    return withTown(store, caller, townId, async (town) => {
      const known = await standing(store, town, 'bead', id);
      if (known === undefined) throw error;
      await store.create(town, {}, making.at);
      return known;
    });
  }
}

async function createDependent(
  deps: Pick<TownDeps, 'store'>,
  caller: Caller,
  town: Town,
  making: Making,
): Promise<Bead> {
  const { id, at, input } = making;
  const known = await standing(deps.store, town, 'bead', id);
  if (known !== undefined) return known;
  openRig(town.live.rig.get(input.rigId), input.rigId);
  const bead = beadOf(making, caller, await edgesTo(deps, town, id, input.dependsOn));
  const bodies = new Map(input.body === undefined ? [] : [[id, input.body]]);
  await deps.store.create(town, { beads: [bead], bodies }, at);
  return bead;
}

function beadOf({ id, input, at }: Making, caller: Caller, dependsOn: Edge[]): Bead {
  const { rigId, title, priority, labels, metadata, held: isHeld, steps } = input;
  const molecule = steps === undefined ? undefined : { steps, summaries: [] };
  const common = { id, rigId, title, priority, labels, metadata, isHeld, dependsOn };
  const given = { ...common, molecule, createdBy: caller.id };
  return newBead(given, input.body, at);
}
