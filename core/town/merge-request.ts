import * as z from 'zod';

/**
 * One branch on its way into its target. Only `open` may be merged; from `checking` to `merging` it holds the rig's
 * one slot.
 */
export const mergeRequestSchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  rigId: z.string(),
  /** A bead's branch, or a convoy's feature branch (a landing). */
  subject: z.object({ kind: z.enum(['bead', 'convoy']), id: z.string() }),
  title: z.string(),
  branch: z.string(),
  target: z.string(),
  /** The head that was verified, and for a landing the one the check evaluated. */
  headSha: z.string().optional(),
  stage: z.enum(['queued', 'checking', 'reviewing', 'open', 'merging', 'merged', 'failed']),
  stageSince: z.number(),
  /** The job of the stage (check or merge); absent while none is asked for. */
  jobId: z.string().optional(),
  /** Jobs asked for so far: makes the next id. */
  jobCount: z.number().int(),
  jobErrors: z.number().int(),
  lastJobErrorAt: z.number().optional(),
  lastJobError: z.string().optional(),
  /** The trial merge that passed the gates; exactly this commit is merged. */
  candidate: z.object({ targetSha: z.string(), candidateSha: z.string() }).optional(),
  /** Times the target moved away between check and merge. */
  staleCount: z.number().int(),
  reviewerAgentId: z.string().optional(),
  reviewAttempt: z.number().int(),
  reviewCooldownFrom: z.number().optional(),
  mergeSha: z.string().optional(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  closedAt: z.number().optional(),
});
export type MergeRequest = z.infer<typeof mergeRequestSchema>;

/** Stages that hold the rig's slot in the merge queue. */
export const holdsSlot = (mr: MergeRequest): boolean =>
  mr.stage === 'checking' || mr.stage === 'reviewing' || mr.stage === 'merging' || mr.stage === 'open';
