import type { AgentReport, SyncRequest } from '../../core/protocol/sync.ts';
import type { Container, DesiredAgent } from '../../core/town/container.ts';

/** Is there something in the report that the town has not drawn its conclusions from? Asked anew at every sync. */
export function isNews({ state, desired }: Container, report: SyncRequest): boolean {
  // A container may also be drained without being asked to: the platform stops it.
  if (state === 'starting' || report.phase === 'drained') return true;
  const wantedJobs = new Set(desired.jobs.map(({ jobId }) => jobId));
  if (report.jobs.some((job) => job.state === 'done' && wantedJobs.has(job.jobId))) return true;
  return report.agents.some((agent) => {
    const wanted = desired.agents.find(({ agentId }) => agentId === agent.agentId);
    if (wanted === undefined || wanted.attempt !== agent.attempt) return false;
    if (agent.state === 'exited' || agent.state === 'failed') return true;
    if (wanted.messages.some(({ messageId }) => agent.deliveredMessageIds.includes(messageId))) return true;
    return wanted.work.kind === 'chat' && isNewsOfChat(wanted.work, agent);
  });
}

/** A turn of the mayor has begun or ended, or it has answered. */
function isNewsOfChat(
  { isWaiting, repliesTaken }: Extract<DesiredAgent['work'], { kind: 'chat' }>,
  { state, replies = [] }: AgentReport,
): boolean {
  return (state === 'idle') !== isWaiting || replies.some(({ sequence }) => sequence > repliesTaken);
}
