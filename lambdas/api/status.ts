import type * as z from 'zod';
import { agentSlots } from '../../core/town/config.ts';
import { townBudget } from '../../core/acts/budgets.ts';
import { Draft } from '../../core/draft.ts';
import { explain } from '../../core/explain.ts';
import type { Agent } from '../../core/town/agent.ts';
import { minutes, type Instant } from '../../core/town/instant.ts';
import type { Town } from '../../core/town/town.ts';
import type { status } from './answers/status.ts';
import { iso, isoOrNull } from './answers/times.ts';

/** A session at work that has neither begun nor ended a turn for so long is shown as stalled (the reference's first warning). */
const STALLED_AFTER_MS = minutes(15);

function isStalled({ observed, container }: Town, agent: Agent, now: Instant): boolean {
  if (agent.status !== 'working' || agent.role === 'mayor' || observed?.epoch !== container.epoch)
    return false;
  const report = observed.agents.find((one) => one.agentId === agent.id && one.attempt === agent.attempt);
  const last = report?.lastTurnAt === undefined ? agent.dispatchedAt : Date.parse(report.lastTurnAt);
  return last !== undefined && now - last > STALLED_AFTER_MS;
}

const breakerShown = ({ breaker }: Town['head']) =>
  breaker === undefined || breaker.state === 'closed'
    ? ({ state: 'closed' } as const)
    : { state: breaker.state, since: iso(breaker.since) };

/** The town at a glance. Ended records are counted as they end: the archive is not read. */
export function statusOf(town: Town, now: Instant): z.infer<typeof status> {
  const { container, observed, head } = town;
  const live = [...town.live.bead.values()];
  const agents = [...town.live.agent.values()];
  const liveConvoys = [...town.live.convoy.values()];
  const rows = explain(town, now);
  const synced = observed?.epoch === container.epoch && observed.sequence > 0 ? observed : undefined;
  return {
    lifecycle: head.lifecycle,
    ...(head.lifecycleSince === undefined ? {} : { lifecycleSince: iso(head.lifecycleSince) }),
    container: {
      state: container.state,
      epoch: container.epoch,
      startedAt: container.startedAt === undefined ? undefined : iso(container.startedAt),
      lastSyncAt: synced === undefined ? undefined : iso(synced.syncedAt),
    },
    agents: {
      working: agents.filter(({ status }) => status === 'working').length,
      waiting: agents.filter(({ status }) => status === 'waiting').length,
      idle: agents.filter(({ status }) => status === 'idle').length,
      stalled: agents.filter((agent) => isStalled(town, agent, now)).length,
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
    dueAt: isoOrNull(head.dueAt),
    breaker: breakerShown(head),
    capacity: {
      slots: agentSlots(town.config),
      waiting: rows.filter(({ waitingOn }) => waitingOn === 'capacity').length,
    },
    budget: townBudget(new Draft(town, now)),
    failure: head.failure && { ...head.failure, since: iso(head.failure.since) },
  };
}
