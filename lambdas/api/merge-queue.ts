import { explain } from '../../core/explain.ts';
import type { Instant } from '../../core/town/instant.ts';
import { holdsSlot, type MergeRequest } from '../../core/town/merge-request.ts';
import type { Town } from '../../core/town/town.ts';

/** In queue order: rig by rig, first who holds the slot, then who came first; each with its place and what it waits for. */
export function mergeQueueOf(town: Town, rigId: string | undefined, now: Instant) {
  const waits = new Map(
    explain(town, now)
      .filter(({ subject }) => subject.kind === 'mergeRequest')
      .map(({ subject, waitingOn }) => [subject.id, waitingOn]),
  );
  const found = [...town.live.mergeRequest.values()].filter(
    (mr) => rigId === undefined || mr.rigId === rigId,
  );
  const positions = new Map<string, number>();
  return found.toSorted(inQueueOrder).map((mr) => {
    const position = (positions.get(mr.rigId) ?? 0) + 1;
    positions.set(mr.rigId, position);
    return { ...mr, position, waitingOn: waits.get(mr.id) };
  });
}

function inQueueOrder(a: MergeRequest, b: MergeRequest): number {
  if (a.rigId !== b.rigId) return a.rigId < b.rigId ? -1 : 1;
  const bySlot = Number(holdsSlot(b)) - Number(holdsSlot(a));
  return bySlot === 0 ? (a.id < b.id ? -1 : 1) : bySlot;
}
