import type { Status } from '../client/api.generated.ts';
import { relative } from '../render/time.ts';
import { note, ok, problem, type Finding } from './finding.ts';

/** A container that works says so every few seconds; far more than that is silence. */
const SILENT_MS = 3 * 60_000;
/** A town is looked at within a minute of its time. */
const OVERDUE_MS = 5 * 60_000;

/** @param now milliseconds since 1970 */
export function checkStatus(status: Status, now: number): Finding[] {
  const { lifecycle, failure, dueAt, container, breaker } = status;
  const findings: Finding[] = [];
  if (lifecycle === 'paused')
    findings.push(note('the town is paused: nothing is dispatched or merged', 'gastown resume'));
  if (lifecycle === 'deleting') findings.push(note('the town is being deleted'));
  if (failure !== undefined) {
    const since = relative({ now }, failure.since);
    findings.push(
      problem(
        `the town fails since ${since} (${failure.count} times): ${failure.error}`,
        'it is tried again by itself; if it goes on, look at the log of the reconciler',
      ),
    );
  }
  if (dueAt !== null && now - Date.parse(dueAt) > OVERDUE_MS) {
    findings.push(
      problem(
        `the town should have been looked at ${relative({ now }, dueAt)}, and was not`,
        'the sweeper or the queue does not run: look at their logs and alarms',
      ),
    );
  }
  const heard = container.lastSyncAt ?? container.startedAt;
  const isUp = container.state === 'running' || container.state === 'draining';
  if (isUp && heard !== undefined && now - Date.parse(heard) > SILENT_MS) {
    findings.push(
      problem(
        `the container is ${container.state} and was last heard of ${relative({ now }, heard)}`,
        'the town replaces it by itself; if it goes on, look at the log of the container',
      ),
    );
  }
  if (breaker.state !== 'closed') {
    findings.push(
      problem(`the breaker is ${breaker.state} since ${relative({ now }, breaker.since)}`, 'gastown why'),
    );
  }
  return findings.length > 0 ? findings : [ok('the town is looked at, and what it does succeeds')];
}
