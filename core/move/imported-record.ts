import type { Instant } from '../town/instant.ts';
import type { LiveKind, LiveRecords } from '../town/town.ts';

interface Import {
  readonly at: Instant;
  /** What is written to the mayor waits for its next session; what was said to others ended with theirs. */
  readonly isMayor: (agentId: string) => boolean;
}

type Change<R> = (record: R, to: Import) => R | undefined;

const same = <R>(record: R): R => record;

/**
 * What an import changes in live records. Sessions and jobs stay with the old town: work goes on from what is on the
 * remote. Undefined: it is not taken over.
 */
const CHANGES: { readonly [K in LiveKind]: Change<LiveRecords[K]> } = {
  rig: same,
  convoy: same,
  escalation: same,
  // Whoever was deciding on it did so in a session that is over.
  triageRequest: (request) => ({ ...request, assigneeAgentId: undefined }),
  mail: (mail, { isMayor }) => (isMayor(mail.agentId) ? mail : undefined),
  agent: ({ id, rev, role, name, rigId, attempt, createdAt, updatedAt }) => ({
    id,
    rev,
    role,
    name,
    rigId,
    // Its past sessions keep their numbers; the next one gets the next.
    attempt,
    status: 'idle',
    createdAt,
    updatedAt,
  }),
  bead(bead, { at }) {
    if (bead.status !== 'in_progress') return bead;
    if (bead.done !== undefined) {
      // What was pushed is backed up on the remote: the claim is verified without the agent, as after a lost container.
      const { jobId: _, lastJobErrorAt: __, ...claim } = bead.done;
      return { ...bead, assigneeAgentId: undefined, done: { ...claim, jobErrors: 0 } };
    }
    return {
      ...bead,
      status: 'open',
      statusSince: at,
      assigneeAgentId: undefined,
      doneRefusals: 0,
      // The attempt was interrupted by the move: it does not count against the limit.
      attemptBase: Math.min(bead.attempt, (bead.attemptBase ?? 0) + 1),
      lastProblem: 'the town was moved while it was worked on',
    };
  },
  mergeRequest(mr, { at }) {
    const { jobId: _, lastJobErrorAt: __, lastJobError: ___, reviewerAgentId: ____, ...rest } = mr;
    // The merge may have been pushed: the job finds out from the remote, and checks again if it was not.
    if (mr.stage === 'merging') return { ...rest, jobErrors: 0 };
    const isReviewing = mr.stage === 'reviewing';
    return {
      ...rest,
      jobErrors: 0,
      stage: 'queued',
      stageSince: mr.stage === 'queued' ? mr.stageSince : at,
      // The trial merge is in the mirror of the old container.
      candidate: undefined,
      reviewAttempt: isReviewing ? Math.max(0, mr.reviewAttempt - 1) : mr.reviewAttempt,
      reviewCooldownFrom: undefined,
    };
  },
};

export const importedRecord = <K extends LiveKind>(
  kind: K,
  record: LiveRecords[K],
  to: Import,
): LiveRecords[K] | undefined => CHANGES[kind](record, to);
