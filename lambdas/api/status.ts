import { agentSlots } from '../../core/town/config.ts';
import { explain } from '../../core/explain.ts';
import type { TownStore } from '../../core/ports.ts';
import type { Instant } from '../../core/town/instant.ts';
import type { Town } from '../../core/town/town.ts';
import { iso } from './present.ts';

/** The town at a glance. Ended records are counted from the archive. */
export async function statusOf(store: TownStore, town: Town, now: Instant) {
  const { container, observed, head } = town;
  const [beads, convoys] = await Promise.all([
    store.archivedOf(head.id, 'bead'),
    store.archivedOf(head.id, 'convoy'),
  ]);
  const live = [...town.live.bead.values()];
  const agents = [...town.live.agent.values()];
  const liveConvoys = [...town.live.convoy.values()];
  const rows = explain(town, now);
  const synced = observed?.epoch === container.epoch && observed.sequence > 0 ? observed : undefined;
  return {
    lifecycle: head.lifecycle,
    container: {
      state: container.state,
      epoch: container.epoch,
      startedAt: container.startedAt === undefined ? undefined : iso(container.startedAt),
      lastSyncAt: synced === undefined ? undefined : iso(synced.syncedAt),
    },
    agents: {
      working: agents.filter(({ status }) => status === 'working').length,
      waiting: 0,
      idle: agents.filter(({ status }) => status === 'idle').length,
      stalled: 0,
    },
    beads: {
      open: live.filter(({ status }) => status === 'open').length,
      inProgress: live.filter(({ status }) => status === 'in_progress').length,
      inReview: live.filter(({ status }) => status === 'in_review').length,
      closed: beads.filter(({ status }) => status === 'closed').length,
      failed: beads.filter(({ status }) => status === 'failed').length,
    },
    convoys: {
      open: liveConvoys.filter(({ state }) => state !== 'needs_attention').length,
      landed: convoys.filter(({ state }) => state === 'landed').length,
      needsAttention: liveConvoys.filter(({ state }) => state === 'needs_attention').length,
    },
    dueAt: head.dueAt === undefined ? null : iso(head.dueAt),
    breaker: { state: 'closed' },
    capacity: {
      slots: agentSlots(town.config),
      waiting: rows.filter(({ waitingOn }) => waitingOn === 'capacity').length,
    },
    failure: head.failure,
  };
}
