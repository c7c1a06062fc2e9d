import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import type { Head } from '../../../core/town/head.ts';
import { withTown } from '../access.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';

/**
 * Pauses or resumes a town. Written at once, so that it holds whatever becomes of the next reconcile; what follows from it
 * (the container stops, work is dispatched) the town does later. Asking for what is so already changes nothing.
 */
export async function setLifecycle(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  lifecycle: 'active' | 'paused',
): Promise<Head> {
  const head = await withTown(deps.store, caller, townId, async (town) => {
    const from = town.head.lifecycle;
    if (from === lifecycle) return town.head;
    const at = deps.now();
    const reason = `${lifecycle === 'paused' ? 'paused' : 'resumed'} by ${caller.id}`;
    await deps.store.edit(
      town,
      {
        rule: lifecycle === 'paused' ? 'api/pause' : 'api/resume',
        subject: { kind: 'town', id: townId },
        from,
        to: lifecycle,
        reason,
        by: caller.id,
        lifecycle,
      },
      at,
    );
    return { ...town.head, lifecycle, lifecycleSince: at, lifecycleBy: caller.id, updatedAt: at };
  });
  await deps.towns.send({ v: MESSAGE_VERSION, townId });
  return head;
}
