import { NotFound } from '../../../core/errors.ts';
import type { Now, SnapshotObjects, SnapshotStore, TownStore } from '../../../core/ports.ts';
import { containerOf } from '../../http/claims.ts';
import type { HttpEvent } from '../../http/route.ts';
import { currentContainer } from '../sync.ts';

export interface SnapshotDeps {
  readonly store: Pick<TownStore, 'container' | 'record'>;
  readonly snapshots: SnapshotStore;
  readonly snapshotObjects: SnapshotObjects;
  readonly now: Now;
}

/** Whose snapshot it is, and the epoch of the container that asks. */
export interface SnapshotOwner {
  readonly townId: string;
  readonly agentId: string;
  readonly epoch: number;
}

/** @throws Superseded for a container that is not the town's any more, NotFound for an agent of another town */
export async function ownerOf(
  { store }: SnapshotDeps,
  event: HttpEvent,
  agentId: string,
): Promise<SnapshotOwner> {
  const claims = containerOf(event);
  const { townId, epoch } = claims;
  const [stored, agent] = await Promise.all([
    store.container(townId),
    store.record(townId, 'agent', agentId),
  ]);
  currentContainer(stored?.container, claims, epoch);
  if (agent === undefined) throw new NotFound(`There is no agent ${agentId}.`);
  return { townId, agentId, epoch };
}
