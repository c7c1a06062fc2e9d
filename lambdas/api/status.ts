import { agentSlots } from '../../core/town/config.ts';
import { explain } from '../../core/explain.ts';
import type { Instant } from '../../core/town/instant.ts';
import type { Town } from '../../core/town/town.ts';
import { iso } from './present.ts';

/** The town at a glance. Ended records are counted as they end: the archive is not read. */
export function statusOf(town: Town, now: Instant) {
  const { container, observed, head } = town;
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
      idle: agents.filter(({ status }) => status === 'idle').length,
    },
    beads: {
      open: live.filter(({ status }) => status === 'open').length,
      inProgress: live.filter(({ status }) => status === 'in_progress').length,
      inReview: live.filter(({ status }) => status === 'in_review').length,
      closed: head.ended?.beadsClosed ?? 0,
      failed: head.ended?.beadsFailed ?? 0,
    },
    convoys: {
      open: liveConvoys.filter(({ state }) => state !== 'needs_attention').length,
      landed: head.ended?.convoysLanded ?? 0,
      needsAttention: liveConvoys.filter(({ state }) => state === 'needs_attention').length,
    },
    dueAt: head.dueAt === undefined ? null : iso(head.dueAt),
    capacity: {
      slots: agentSlots(town.config),
      waiting: rows.filter(({ waitingOn }) => waitingOn === 'capacity').length,
    },
    failure: head.failure,
  };
}
