import { expect, test } from 'vitest';
import type { RecordChange } from '../../../core/draft.ts';
import type { ForgeFailure } from '../../../core/pull-request/failure.ts';
import { domainEventsOf } from '../../../core/telemetry/domain-events.ts';
import { minutes } from '../../../core/town/instant.ts';
import type { MergeRequest, PullRequest } from '../../../core/town/merge-request.ts';
import { asPullRequest, bead, T0 } from './town-builder.ts';

const NOW = T0 + minutes(90);
const of = (pr: Partial<PullRequest> = {}, over: Partial<MergeRequest> = {}): MergeRequest =>
  asPullRequest('m', 'a', pr, over);
const approval = [{ kind: 'needsApproval', who: 'human', detail: 'an approval' }] as const;
const waiting = (since = T0): MergeRequest => of({ blockers: [...approval], awaitingApprovalSince: since });
const failing = (kind: ForgeFailure['kind'], count: number): MergeRequest =>
  of({}, { forgeFailures: [{ kind, message: 'x', count, since: T0, lastAt: T0 }] });
const changed = (
  before: MergeRequest,
  record: MergeRequest,
  op: 'update' | 'archive' = 'update',
): RecordChange => ({
  op,
  kind: 'mergeRequest',
  before,
  record,
});

test.each<{ what: string; change: RecordChange; events: object[] }>([
  {
    what: 'an approval is missing now: with the age of the merge request',
    change: changed(of(), waiting(NOW)),
    events: [
      { name: 'pr.awaiting_approval_detected', label: 'needsApproval', durationMs: NOW - of().createdAt },
    ],
  },
  { what: 'it is still missing', change: changed(waiting(), waiting()), events: [] },
  {
    what: 'it is there: with how long it was missing',
    change: changed(waiting(), of()),
    events: [{ name: 'pr.awaiting_approval_resolved', label: '', durationMs: minutes(90) }],
  },
  {
    what: 'it is merged without',
    change: changed(waiting(), { ...waiting(), stage: 'merged', closedAt: NOW }, 'archive'),
    events: [{ name: 'pr.awaiting_approval_resolved', durationMs: minutes(90) }],
  },
  {
    what: 'a token that is refused fails at once',
    change: changed(of(), failing('unauthorized', 1)),
    events: [{ name: 'pr.poll_failed', label: 'github', reason: 'unauthorized' }],
  },
  {
    what: 'and is said once',
    change: changed(failing('unauthorized', 1), failing('unauthorized', 2)),
    events: [],
  },
  {
    what: 'the ninth server error is none yet',
    change: changed(failing('http_error', 8), failing('http_error', 9)),
    events: [],
  },
  {
    what: 'the tenth is',
    change: changed(failing('http_error', 9), failing('http_error', 10)),
    events: [{ name: 'pr.poll_failed', reason: 'http_error' }],
  },
  {
    what: 'a limit never is',
    change: changed(failing('rate_limited', 99), failing('rate_limited', 100)),
    events: [],
  },
  {
    what: 'a new one is none',
    change: { op: 'create', kind: 'mergeRequest', record: of() },
    events: [],
  },
  { what: 'nor is another record', change: { op: 'delete', kind: 'bead', before: bead('a') }, events: [] },
])('$what', ({ change, events }) => {
  const common = { rigId: 'rig', mergeRequestId: 'm', subjectId: 'a', prUrl: of().pullRequest?.url };
  expect(domainEventsOf([change], NOW)).toMatchObject(events.map((event) => ({ ...common, ...event })));
});
