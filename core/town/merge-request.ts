import * as z from 'zod';
import { blockerSchema } from '../pull-request/blocker.ts';
import { forgeFailureSchema } from '../pull-request/failure.ts';

/** What the town knows of the pull request by which a merge request is merged. */
export const pullRequestSchema = z.object({
  /** Absent while it is being opened. */
  number: z.number().int().positive().optional(),
  url: z.string().optional(),
  headSha: z.string().optional(),
  /** What kept it from being merged when it was looked at last. */
  blockers: z.array(blockerSchema),
  /** What of it an agent could repair. */
  feedback: z.string().optional(),
  /** The forge's clock at the last look; 0 before the first. */
  at: z.number(),
  /** The town's clock at the last look: the next one is due by it. */
  observedAt: z.number(),
  /** When the last look was asked for. */
  lookedFrom: z.number().optional(),
  /** When the forge itself last said that something had changed: then it need not be asked often. */
  heardAt: z.number().optional(),
  /** Since when nothing blocks it. */
  readySince: z.number().optional(),
  /** Since when it waits for an approval. */
  awaitingApprovalSince: z.number().optional(),
  /** Since when somebody has closed it without a merge. */
  closedSince: z.number().optional(),
  /** Effects asked for it so far: makes their keys. */
  effects: z.number().int(),
  /** How often the forge's merge queue has put this head out again. */
  queueDrops: z.number().int().optional(),
  /** Beads that were made to repair it. */
  repairs: z.number().int(),
  repairBeadId: z.string().optional(),
  /** What the last repair was for. */
  repaired: z.object({ feedback: z.string(), headSha: z.string().optional() }).optional(),
  /** Why the town's own check or review did not accept its head. */
  problem: z.string().optional(),
});
export type PullRequest = z.infer<typeof pullRequestSchema>;

/** Has the forge told of something that the last look may not have seen? */
export const isUnseen = ({ heardAt, lookedFrom = 0 }: PullRequest): boolean =>
  heardAt !== undefined && heardAt > lookedFrom;

/**
 * One branch on its way into its target. Only `open` may be merged; from `checking` to `merging` it holds the rig's
 * one slot, but not while it waits as a pull request.
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
  /** Others that are checked together with it, in the order in which they are merged after it. */
  batch: z
    .array(z.object({ id: z.string(), title: z.string(), branch: z.string(), headSha: z.string() }))
    .optional(),
  /** It was checked together with this one: its candidate holds when that is merged. */
  behind: z.string().optional(),
  /** A batch with it has failed: it is checked in one of at most so many. */
  batchLimit: z.number().int().optional(),
  /** Times the target moved away between check and merge. */
  staleCount: z.number().int(),
  reviewerAgentId: z.string().optional(),
  reviewAttempt: z.number().int(),
  reviewCooldownFrom: z.number().optional(),
  mergeSha: z.string().optional(),
  /** It is merged by the forge, as a pull request: set as soon as it is open, and kept. */
  pullRequest: pullRequestSchema.optional(),
  /** Why the forge could not be asked about it, by cause; none after a success. */
  forgeFailures: z.array(forgeFailureSchema).optional(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  closedAt: z.number().optional(),
});
export type MergeRequest = z.infer<typeof mergeRequestSchema>;

/** Does it hold the rig's slot in the merge queue? A pull request that waits for people, or for the forge to merge it, does not (#1632). */
export const holdsSlot = ({ stage, pullRequest }: MergeRequest): boolean =>
  stage === 'checking' ||
  stage === 'reviewing' ||
  ((stage === 'open' || stage === 'merging') && pullRequest === undefined);
