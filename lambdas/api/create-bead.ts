import type * as z from 'zod';
import { uuidv7 } from 'uuidv7';
import { Conflict, NotFound } from '../../core/errors.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import { MAX_DEPENDENTS, type Bead, type Edge } from '../../core/town/bead.ts';
import type { Town } from '../../core/town/town.ts';
import { noUsage } from '../../core/town/usage.ts';
import type { User } from '../http/claims.ts';
import { withTown } from './access.ts';
import type { ApiDeps } from './context.ts';
import type { createBead as createBeadInput } from './inputs.ts';

/** A bead. What it depends on is looked up in the town it is written to: the write fails if that has changed. */
export async function createBead(
  deps: ApiDeps,
  user: User,
  townId: string,
  input: z.infer<typeof createBeadInput>,
): Promise<Bead> {
  const { store, towns, now } = deps;
  const bead = await withTown(store, user, townId, async (town) => {
    if (!town.live.rig.has(input.rigId)) throw new NotFound(`There is no rig ${input.rigId}.`);
    const dependsOn: Edge[] = [];
    for (const id of new Set(input.dependsOn)) dependsOn.push(await edgeTo(deps, town, id));
    const at = now();
    const created: Bead = {
      id: uuidv7(),
      rev: 1,
      type: 'issue',
      rigId: input.rigId,
      title: input.title,
      hasBody: input.body !== undefined,
      status: 'open',
      statusSince: at,
      priority: input.priority,
      labels: input.labels,
      metadata: input.metadata,
      isHeld: input.held,
      dependsOn,
      attempt: 0,
      doneRefusals: 0,
      usage: noUsage,
      createdBy: user.id,
      createdAt: at,
      updatedAt: at,
    };
    const bodies = new Map(input.body === undefined ? [] : [[created.id, input.body]]);
    await store.create(town, { beads: [created], bodies }, at);
    return created;
  });
  await towns.send({ v: MESSAGE_VERSION, townId });
  return bead;
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
