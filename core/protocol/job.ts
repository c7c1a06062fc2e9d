import * as z from 'zod';

/**
 * Jobs are work that the supervisor does without a model: verify what an agent claims, check a merge (merge it on a trial
 * commit and run the gates there), and merge. A job is idempotent: run again after a crash it gives the same answer.
 */

/** Merge requests that are checked together at most. Twice as many hardly save a run more, and hold the queue twice as long. */
export const MAX_BATCH = 8;

const commitSha = z.string().regex(/^[0-9a-f]{40}$/);

const verifyJob = z.looseObject({
  kind: z.literal('verify'),
  jobId: z.string(),
  rigId: z.string(),
  /** The branch that the agent says it has finished. */
  branch: z.string(),
  /** The branch it was cut from, and its merge target. */
  base: z.string(),
  /** Branches of other beads that are not merged: none of their commits may be on `branch`. */
  foreignBranches: z.array(z.string()),
});

const checkJob = z.looseObject({
  kind: z.literal('check'),
  jobId: z.string(),
  rigId: z.string(),
  mergeRequestId: z.string(),
  /** Subject of the merge commit. */
  title: z.string(),
  branch: z.string(),
  /** The evaluated head; null for a landing branch, whose head the job reads from the remote and reports. */
  headSha: commitSha.nullable(),
  target: z.string(),
  /**
   * Merge requests that are merged on trial before this one, in this order: a batch, whose gates run once, on the last commit.
   * The supervisor merges each onto the one before.
   */
  ahead: z
    .array(z.looseObject({ mergeRequestId: z.string(), title: z.string(), headSha: commitSha }))
    .max(MAX_BATCH - 1)
    .optional(),
  /** Shell commands, run in order in a worktree of the trial merge commit. */
  gates: z.array(z.string()),
  gateTimeoutSeconds: z.number().int().positive(),
});

const mergeJob = z.looseObject({
  kind: z.literal('merge'),
  jobId: z.string(),
  rigId: z.string(),
  mergeRequestId: z.string(),
  headSha: commitSha,
  target: z.string(),
  /** What `target` pointed at when the gates ran. The merge happens only if it still does. */
  targetSha: commitSha,
  /** The trial merge commit that the gates ran on; exactly this commit becomes the target. */
  candidateSha: commitSha,
});

export const jobSpec = z.discriminatedUnion('kind', [verifyJob, checkJob, mergeJob]);
export type JobSpec = z.infer<typeof jobSpec>;
export type VerifyJob = z.infer<typeof verifyJob>;
export type CheckJob = z.infer<typeof checkJob>;
export type MergeJob = z.infer<typeof mergeJob>;

export const jobResult = z.discriminatedUnion('outcome', [
  /** verify: `branch` is on the remote at `headSha`, `commits` ahead of its base. */
  z.looseObject({ outcome: z.literal('verified'), headSha: commitSha, commits: z.number().int() }),
  /** verify: the agent's claim does not hold; `detail` tells the agent why and what to do. */
  z.looseObject({
    outcome: z.literal('refused'),
    reason: z.enum(['branch_missing', 'no_commits', 'foreign_commits']),
    detail: z.string(),
  }),
  /** check: merged cleanly on a trial commit and every gate passed there. */
  z.looseObject({
    outcome: z.literal('passed'),
    headSha: commitSha,
    targetSha: commitSha,
    candidateSha: commitSha,
    /** The trial merges of those ahead, in order; one that its target had already is its own target. */
    ahead: z
      .array(z.looseObject({ mergeRequestId: z.string(), targetSha: commitSha, candidateSha: commitSha }))
      .optional(),
  }),
  /** check: the branch has nothing that its target lacks. */
  z.looseObject({ outcome: z.literal('nothing_to_merge') }),
  /** check: the branch does not merge cleanly. */
  z.looseObject({
    outcome: z.literal('conflict'),
    files: z.array(z.string()),
    /** Which of those ahead does not merge; absent: the one that is checked. */
    mergeRequestId: z.string().optional(),
  }),
  /** check: a gate failed; `outputTail` is at most 8 KiB, secrets redacted. */
  z.looseObject({
    outcome: z.literal('gate_failed'),
    gate: z.string(),
    exitCode: z.number().int().nullable(),
    outputTail: z.string(),
  }),
  /** merge: the target contains the evaluated head (also when an earlier run of the job did it). */
  z.looseObject({ outcome: z.literal('merged'), mergeSha: commitSha }),
  /** merge: what was evaluated no longer applies; check again. */
  z.looseObject({ outcome: z.literal('stale'), reason: z.enum(['target_moved', 'candidate_missing']) }),
  /** Any job: the remote or the machine failed. */
  z.looseObject({ outcome: z.literal('error'), code: z.string(), message: z.string() }),
]);
export type JobResult = z.infer<typeof jobResult>;

export const jobReport = z.looseObject({
  jobId: z.string(),
  state: z.enum(['running', 'done']),
  result: jobResult.optional(),
});
export type JobReport = z.infer<typeof jobReport>;
