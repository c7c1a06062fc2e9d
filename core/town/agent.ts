import * as z from 'zod';
import { agentRole } from '../protocol/report.ts';

/** An agent of the town. Its session lives in the container; what it is for lives here. */
export const agentSchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  role: agentRole,
  name: z.string(),
  /** Empty for the mayor, who belongs to the whole town. */
  rigId: z.string(),
  /** `waiting`: the mayor's session lives and no turn is in progress. */
  status: z.enum(['idle', 'working', 'waiting']),
  /** What it works on. */
  hook: z.object({ kind: z.enum(['bead', 'mergeRequest', 'triageRequest']), id: z.string() }).optional(),
  /**
   * Dispatches of this agent so far; fences what it says and what is said of it. Not the item's attempt: two items that it
   * works on one after another may both be at their first. 0: never dispatched.
   */
  attempt: z.number().int(),
  dispatchedAt: z.number().optional(),
  /** What it says it is doing, in this session. */
  statusMessage: z.string().optional(),
  statusMessageAt: z.number().optional(),
  /** When the patrol last asked whether it gets on; progress after that makes it ask anew. */
  patrolledAt: z.number().optional(),
  /** The mayor only: when a person last wrote or asked for it, or a turn last began or ended. Syncs never touch it (hazard H-02). */
  lastActiveAt: z.number().optional(),
  /** The mayor only: somebody asked for it, and no session has started for that yet. */
  isWanted: z.boolean().optional(),
  /** The mayor only: sessions in a row that broke; the next one waits from `lastFailedAt`. */
  failures: z.number().int().optional(),
  lastFailedAt: z.number().optional(),
  lastProblem: z.string().optional(),
  /** The mayor only: the last of this session's replies that the town has written down. */
  repliesTaken: z.number().int().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Agent = z.infer<typeof agentSchema>;

/** Names of workers, town-wide unique; then `Polecat-<n>`. */
export const POLECAT_NAMES: readonly string[] =
  'Toast Maple Birch Shadow Clover Ember Sage Dusk Flint Coral Slate Reed Thorn Pike Moss Wren Blaze Gale Drift Lark'.split(
    ' ',
  );
