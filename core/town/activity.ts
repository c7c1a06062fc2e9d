import type { AgentReport } from '../protocol/report.ts';
import type { Agent } from './agent.ts';
import type { Instant } from './instant.ts';

/**
 * When the agent last showed progress: an event of its session, a turn that began or ended, or its dispatch. Syncs are no progress
 * (hazard H-02). The container's clock may be off: what it says lies between the dispatch and now.
 */
export function activeAt(agent: Agent, report: AgentReport | undefined, now: Instant): Instant {
  const dispatchedAt = agent.dispatchedAt ?? agent.updatedAt;
  const said = Date.parse(report?.lastEventAt ?? report?.lastTurnAt ?? '');
  return Number.isNaN(said) ? dispatchedAt : Math.max(dispatchedAt, Math.min(said, now));
}
