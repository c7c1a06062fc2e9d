import type { RecordChange } from '../draft.ts';
import { isGivenUp } from '../pull-request/failure.ts';
import type { Instant } from '../town/instant.ts';
import type { MergeRequest } from '../town/merge-request.ts';
import type { DomainEvent } from './domain-event.ts';

/**
 * What a step changed, as events: from the records before and after it, so that nothing is told twice and nothing that was not committed
 * (H-25).
 */
export const domainEventsOf = (changes: readonly RecordChange[], now: Instant): DomainEvent[] =>
  changes.flatMap((change) =>
    change.kind === 'mergeRequest' && (change.op === 'update' || change.op === 'archive') && change.before
      ? pullRequestEvents(change.before, change.record, now)
      : [],
  );

function pullRequestEvents(before: MergeRequest, after: MergeRequest, now: Instant): DomainEvent[] {
  const { id: mergeRequestId, rigId, subject, pullRequest } = after;
  const common = { rigId, mergeRequestId, subjectId: subject.id, prUrl: pullRequest?.url };
  const label = (pullRequest?.blockers ?? []).map(({ kind }) => kind).join(',');
  const was = before.pullRequest?.awaitingApprovalSince;
  // What has ended waits for nobody.
  const is = after.closedAt === undefined ? pullRequest?.awaitingApprovalSince : undefined;
  const events: DomainEvent[] = [];
  if (was === undefined && is !== undefined) {
    const durationMs = now - after.createdAt;
    events.push({ name: 'pr.awaiting_approval_detected', ...common, label, durationMs });
  }
  if (was !== undefined && is === undefined)
    events.push({ name: 'pr.awaiting_approval_resolved', ...common, label, durationMs: now - was });
  for (const failure of after.forgeFailures ?? []) {
    const known = before.forgeFailures?.find(({ kind }) => kind === failure.kind);
    if (isGivenUp(failure) && !(known !== undefined && isGivenUp(known)))
      events.push({ name: 'pr.poll_failed', ...common, label: 'github', reason: failure.kind });
  }
  return events;
}
