import type * as z from 'zod';
import { Conflict, NotFound } from '../../core/errors.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import { MAX_DEPENDENTS, type Bead, type Edge } from '../../core/town/bead.ts';
import type { Instant } from '../../core/town/instant.ts';
import type { Town } from '../../core/town/town.ts';
import type { User } from '../http/claims.ts';
import { headOf, withTown } from './access.ts';
import type { ApiDeps } from './context.ts';
import type { createBead as createBeadInput } from './inputs.ts';
import { newBead } from './new-bead.ts';

/**
 * A bead. What it depends on is looked up in the town it is written to: the write fails if that has changed. One that depends
 * on nothing has nothing to conflict with, and many may be created at once.
 */
export async function createBead(
  deps: ApiDeps,
  user: User,
  townId: string,
  input: z.infer<typeof createBeadInput>,
): Promise<Bead> {
  const { store, towns } = deps;
  const bead =
    input.dependsOn.length === 0
      ? await createFree(deps, user, townId, input)
      : await withTown(store, user, townId, (town) => createDependent(deps, user, town, input));
  await towns.send({ v: MESSAGE_VERSION, townId });
  return bead;
}

async function createFree({ store, now }: ApiDeps, user: User, townId: string, input: Input): Promise<Bead> {
  await headOf(store, user, townId);
  const rig = await store.record(townId, 'rig', input.rigId);
  if (rig === undefined) throw noRig(input);
  const bead = beadOf(input, user, [], now());
  await store.addBead(townId, bead, input.body);
  return bead;
}

async function createDependent(deps: ApiDeps, user: User, town: Town, input: Input): Promise<Bead> {
  if (!town.live.rig.has(input.rigId)) throw noRig(input);
  const dependsOn: Edge[] = [];
  for (const id of new Set(input.dependsOn)) dependsOn.push(await edgeTo(deps, town, id));
  const bead = beadOf(input, user, dependsOn, deps.now());
  const bodies = new Map(input.body === undefined ? [] : [[bead.id, input.body]]);
  await deps.store.create(town, { beads: [bead], bodies }, bead.createdAt);
  return bead;
}

type Input = z.infer<typeof createBeadInput>;

const noRig = ({ rigId }: Input): NotFound => new NotFound(`There is no rig ${rigId}.`);

function beadOf(input: Input, user: User, dependsOn: Edge[], at: Instant): Bead {
  const { rigId, title, priority, labels, metadata, held: isHeld } = input;
  const given = { rigId, title, priority, labels, metadata, isHeld, dependsOn, createdBy: user.id };
  return newBead(given, input.body, at);
}

async function edgeTo({ store }: ApiDeps, town: Town, id: string): Promise<Edge> {
  if (town.live.bead.has(id)) {
    const dependents = [...town.live.bead.values()].filter((bead) =>
      bead.dependsOn.some((edge) => edge.id === id),
    );
    if (dependents.length >= MAX_DEPENDENTS) {
      throw new Conflict(
        `${MAX_DEPENDENTS} beads wait for ${id} already; let this one wait for one of those.`,
      );
    }
    return { id, outcome: 'open' };
  }
  const archived = await store.archived(town.head.id, 'bead', id);
  if (archived === undefined)
    throw new NotFound(`There is no bead ${id}, which the new one should depend on.`);
  return { id, outcome: archived.status === 'closed' ? 'closed' : 'failed' };
}
