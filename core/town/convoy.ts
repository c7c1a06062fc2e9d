import * as z from 'zod';
import { edgeSchema } from './bead.ts';
import { mergeMode } from './config.ts';
import { spentInSessions, usageSchema } from './usage.ts';

/** Beads that belong together and land together. */
export const convoySchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  rigId: z.string(),
  title: z.string(),
  mode: mergeMode,
  /**
   * `staged`: nothing is dispatched until it is started. `landing`: every bead is closed, the feature branch is on its
   * way to the default branch. `landed` and `closed` are final. `needs_attention` waits for a person.
   */
  state: z.enum(['staged', 'active', 'landing', 'needs_attention', 'landed', 'closed']),
  stateSince: z.number(),
  /** Where the beads' branches merge in review-then-land. */
  featureBranch: z.string(),
  beads: z.array(edgeSchema),
  landingMergeRequestId: z.string().optional(),
  landingAttempts: z.number().int(),
  lastLandingFailedAt: z.number().optional(),
  /** Somebody closes it: what is unfinished is cancelled, then it is closed. */
  closing: z.object({ by: z.string(), reason: z.string() }).optional(),
  attention: z.object({ code: z.string(), message: z.string() }).optional(),
  /** What its landing reviews spent; each bead counts its own. */
  usage: usageSchema.optional(),
  /** What its landing and all its beads spent together, and milliseconds of their sessions; what a budget is compared with. */
  spent: spentInSessions.optional(),
  createdBy: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  closedAt: z.number().optional(),
});
export type Convoy = z.infer<typeof convoySchema>;
