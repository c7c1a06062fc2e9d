import type { Step } from '../step.ts';
import { applyAgentReport } from './agent-report.ts';
import { applyJobResult } from './job-result.ts';

/**
 * What the container reported, against what the town knows. Level, not edge: it is applied in every step and changes
 * nothing when the town has drawn its conclusions already.
 */
export function applyObserved(step: Step): void {
  const { draft, now } = step;
  const { observed } = draft.base;
  const { container } = draft;
  if (observed === undefined || observed.epoch !== container.epoch || observed.sequence === 0) return;
  if (container.state === 'starting') {
    step.decide({
      subject: { kind: 'container', id: `${container.epoch}` },
      from: 'starting',
      to: 'running',
      reason: 'first sync',
    });
    draft.setContainer({ ...container, state: 'running', since: now, lastError: undefined });
  }
  if (draft.container.state !== 'running' && draft.container.state !== 'draining') return;
  for (const report of observed.jobs) {
    if (report.state === 'done' && report.result !== undefined)
      applyJobResult(step, report.jobId, report.result);
  }
  for (const report of observed.agents) applyAgentReport(step, report);
}
