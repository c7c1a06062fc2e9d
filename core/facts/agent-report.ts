import { release } from '../acts/agents.ts';
import { countFailedDispatch, countWorkingDispatch } from '../acts/dispatching.ts';
import { reopenBead } from '../acts/beads.ts';
import type { AgentReport } from '../protocol/report.ts';
import type { Step } from '../step.ts';
import { applyMayorReport } from './mayor-report.ts';
import { RELEASE_COST } from './release-cost.ts';

/** An agent's session as the container sees it: what was said to it, and whether it has ended. */
export function applyAgentReport(step: Step, report: AgentReport): void {
  const { draft, now } = step;
  const agent = draft.get('agent', report.agentId);
  const isOfItsSession = agent?.attempt === report.attempt;
  for (const messageId of report.deliveredMessageIds) {
    if (draft.get('mail', messageId) === undefined) continue;
    // An answer of the mayor that nobody heard in time is none: its next session is asked again.
    if (agent?.role === 'mayor' && !isOfItsSession) continue;
    // It stands in the report until the town has heard of all of it.
    if (!step.hasRoom(1)) return;
    draft.delete('mail', messageId);
  }
  if (agent === undefined || !isOfItsSession) return;
  if (agent.role === 'mayor') return applyMayorReport(step, agent, report);
  if (agent.status === 'idle') return;
  if (hasSpent(report)) countWorkingDispatch(step, agent);
  if (report.state !== 'exited' && report.state !== 'failed') return;
  if (!step.hasRoom(RELEASE_COST)) return;
  const reason = `${agent.name} ${report.state}: ${report.reason ?? 'no reason given'}`;
  if (isOutage(report)) countFailedDispatch(step, reason);
  if (agent.hook?.kind === 'bead') {
    const bead = draft.get('bead', agent.hook.id);
    // A claim under verification stands without its agent.
    if (bead === undefined || bead.done !== undefined) return;
    reopenBead(step, bead, { reason, hasCooldown: true, isOutage: isOutage(report) });
    return;
  }
  const mr = draft.get('mergeRequest', agent.hook?.id);
  release(step, agent.id, { outcome: 'failed', reason });
  if (mr === undefined) return;
  step.decide({
    subject: { kind: 'mergeRequest', id: mr.id },
    reason: `review ended without a verdict: ${reason}`,
  });
  const reviewAttempt = mr.reviewAttempt - (isOutage(report) ? 1 : 0);
  draft.put('mergeRequest', { ...mr, reviewAttempt, reviewerAgentId: undefined, reviewCooldownFrom: now });
}

/** It broke before the model said anything: no key, no network, no memory. Nothing was spent, and nothing was tried. */
const isOutage = (report: AgentReport): boolean => report.state === 'failed' && !hasSpent(report);

const hasSpent = ({ usage }: AgentReport): boolean => usage.inputTokens + usage.outputTokens > 0;
