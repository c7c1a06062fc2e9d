import * as z from 'zod';
import { moleculeSchema } from './molecule.ts';
import { usageSchema } from './usage.ts';

/** What became of a blocker, kept with whoever waits for it: the blocker itself may be archived. */
export const outcome = z.enum(['open', 'closed', 'failed']);
export type Outcome = z.infer<typeof outcome>;

export const edgeSchema = z.object({ id: z.string(), outcome });
export type Edge = z.infer<typeof edgeSchema>;

export const priority = z.enum(['low', 'medium', 'high', 'critical']);
/** The most urgent first. */
export const PRIORITY_ORDER: Readonly<Record<z.infer<typeof priority>, number>> = {
  critical: 0,
  high: 1,
  medium: 2,
  low: 3,
};
export const beadStatus = z.enum(['open', 'in_progress', 'in_review', 'closed', 'failed']);
export type BeadStatus = z.infer<typeof beadStatus>;
/** Beads of a final status are archived, and no others are. */
export const hasEnded = (status: BeadStatus): boolean => status === 'closed' || status === 'failed';

/** What an agent said it has finished; verified before anything moves on it. */
const doneClaim = z.object({
  agentId: z.string(),
  branch: z.string(),
  summary: z.string().optional(),
  at: z.number(),
  /** The verify job; absent while none is asked for (before the first, or cooling down after an error). */
  jobId: z.string().optional(),
  jobErrors: z.number().int(),
  lastJobErrorAt: z.number().optional(),
});

/** A work item. Closed and failed are final: the record leaves the live range in the commit that ends it. */
export const beadSchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  type: z.literal('issue'),
  rigId: z.string(),
  title: z.string(),
  /** The body is an item of its own, read only at dispatch. */
  hasBody: z.boolean(),
  status: beadStatus,
  statusSince: z.number(),
  priority,
  labels: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()).optional(),
  /** It is done in steps. */
  molecule: moleculeSchema.optional(),
  /** Waits until somebody starts it. */
  isHeld: z.boolean(),
  dependsOn: z.array(edgeSchema),
  convoyId: z.string().optional(),
  /** The merge request whose pull request it repairs, on the same branch: its end puts that back into the queue. */
  repairOf: z.string().optional(),
  assigneeAgentId: z.string().optional(),
  /** Set at the first dispatch and kept: every later attempt goes on with the same branch. */
  branch: z.string().optional(),
  /** Dispatches so far; the number of the current or last attempt. */
  attempt: z.number().int().nonnegative(),
  /** Attempts that do not count against the limit any more, since somebody asked for the bead anew. */
  attemptBase: z.number().int().nonnegative().optional(),
  /** Sessions in a row that something outside ended before they cost anything; they are no attempts. */
  outages: z.number().int().optional(),
  /** Why the last session did not finish it. */
  lastProblem: z.string().optional(),
  /** Set when an attempt failed: the next one waits from here. */
  cooldownFrom: z.number().optional(),
  /** Why the last attempt was not accepted, for the next one. At most 4 KiB. */
  feedback: z.string().optional(),
  /** What its agent wants to know again after a restart; given to another agent, the bead starts without it. At most 4 KiB. */
  checkpoint: z.object({ agentId: z.string(), data: z.string() }).optional(),
  done: doneClaim.optional(),
  /** Refused claims in this attempt. */
  doneRefusals: z.number().int(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  /** What somebody asked for while it was being merged; it holds when the merge comes to nothing. */
  wish: z
    .object({ as: z.enum(['closed', 'failed', 'deleted']), by: z.string(), reason: z.string().optional() })
    .optional(),
  usage: usageSchema,
  /** Milliseconds in which sessions for it ran. */
  sessionMs: z.number().nonnegative().optional(),
  createdBy: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  closedAt: z.number().optional(),
});
export type Bead = z.infer<typeof beadSchema>;
export type DoneClaim = z.infer<typeof doneClaim>;

export const MAX_FEEDBACK_CHARS = 4096;

/** Beads that may wait for one bead: ending it updates all their edges in one transaction (the step's budget). */
export const MAX_DEPENDENTS = 50;
