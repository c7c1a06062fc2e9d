import { inQueueOrder } from '../../core/acts/queue-order.ts';
import { Draft } from '../../core/draft.ts';
import { explain } from '../../core/explain.ts';
import type { Instant } from '../../core/town/instant.ts';
import { holdsSlot, type MergeRequest } from '../../core/town/merge-request.ts';
import type { Town } from '../../core/town/town.ts';

/** In queue order: rig by rig, first who holds the slot, then the most urgent, with its waiting counted; each with its place and what it waits for. */
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
  return placed(town, found, now).map((mr) => {
    const position = (positions.get(mr.rigId) ?? 0) + 1;
    positions.set(mr.rigId, position);
    return { ...mr, position, waitingOn: waits.get(mr.id) };
  });
}

/** Rig by rig; who has the slot is first. */
function placed(town: Town, found: readonly MergeRequest[], now: Instant): MergeRequest[] {
  const placeOf = (mr: MergeRequest): number => Number(!holdsSlot(mr));
  return inQueueOrder(new Draft(town, now), found).toSorted(
    (a, b) => (a.rigId < b.rigId ? -1 : a.rigId > b.rigId ? 1 : 0) || placeOf(a) - placeOf(b),
  );
}
