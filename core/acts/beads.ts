import { MAX_FEEDBACK_CHARS, type Bead } from '../town/bead.ts';
import type { Step } from '../step.ts';
import { release, type SessionEnd } from './agents.ts';

/** The end of a text that is too long says most: errors come last. */
export const asFeedback = (text: string): string =>
  text.length <= MAX_FEEDBACK_CHARS ? text : `…${text.slice(1 - MAX_FEEDBACK_CHARS)}`;

/** Items that ending the bead writes: itself twice (live and archived), its agent, the attempt, its dependents and its convoy. */
export function endingCost(step: Step, bead: Bead): number {
  const dependents = step.draft
    .all('bead')
    .filter((other) => other.dependsOn.some((edge) => edge.id === bead.id));
  return 5 + dependents.length;
}

/** Ends a bead for good: whoever waits for it learns the outcome in the same commit. */
export function endBead(
  step: Step,
  bead: Bead,
  end: {
    status: 'closed' | 'failed';
    reason: string;
    failureCode?: string;
    /** How the session of its agent counts, if one is at work. @default `done` for a closed bead, else `failed` */
    session?: SessionEnd['outcome'];
  },
): void {
  const { draft, now } = step;
  const { status, reason, failureCode } = end;
  release(step, bead.assigneeAgentId, {
    outcome: end.session ?? (status === 'closed' ? 'done' : 'failed'),
    reason,
  });
  const failure = status === 'failed' ? { code: failureCode ?? 'failed', message: reason } : undefined;
  const current = draft.get('bead', bead.id) ?? bead;
  step.decide({ subject: { kind: 'bead', id: bead.id }, from: bead.status, to: status, reason });
  draft.archive('bead', {
    ...current,
    status,
    statusSince: now,
    closedAt: now,
    failure,
    assigneeAgentId: undefined,
    checkpoint: undefined,
    done: undefined,
  });
  for (const other of draft.all('bead')) {
    if (!other.dependsOn.some((edge) => edge.id === bead.id)) continue;
    const dependsOn = other.dependsOn.map((edge) =>
      edge.id === bead.id ? { ...edge, outcome: status } : edge,
    );
    draft.put('bead', { ...other, dependsOn });
  }
  const convoy = draft.get('convoy', bead.convoyId);
  if (convoy !== undefined) {
    const beads = convoy.beads.map((edge) => (edge.id === bead.id ? { ...edge, outcome: status } : edge));
    draft.put('convoy', { ...convoy, beads });
  }
}

/** The attempt is over without success: the bead is open again and tells the next attempt why. */
export function reopenBead(
  step: Step,
  bead: Bead,
  because: {
    reason: string;
    feedback?: string;
    hasCooldown: boolean;
    /** Something outside ended it before it cost anything: it is no attempt of the bead. */
    isOutage?: boolean;
    /** How the session counts. @default `lost` for an outage, else `failed` */
    session?: SessionEnd['outcome'];
  },
): void {
  const outcome = because.session ?? (because.isOutage === true ? 'lost' : 'failed');
  release(step, bead.assigneeAgentId, { outcome, reason: because.reason });
  const current = step.draft.get('bead', bead.id) ?? bead;
  step.decide({
    subject: { kind: 'bead', id: bead.id },
    from: bead.status,
    to: 'open',
    reason: because.reason,
  });
  step.draft.put('bead', {
    ...current,
    status: 'open',
    statusSince: step.now,
    assigneeAgentId: undefined,
    done: undefined,
    doneRefusals: 0,
    attempt: because.isOutage === true ? Math.max(0, current.attempt - 1) : current.attempt,
    outages: because.isOutage === true ? (current.outages ?? 0) + 1 : undefined,
    lastProblem: asFeedback(because.reason),
    cooldownFrom: because.hasCooldown ? step.now : undefined,
    feedback: because.feedback === undefined ? current.feedback : asFeedback(because.feedback),
  });
}
