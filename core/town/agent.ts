import * as z from 'zod';
import { agentRole } from '../protocol/sync.ts';

/** An agent of the town. Its session lives in the container; what it is for lives here. */
export const agentSchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  role: agentRole,
  name: z.string(),
  rigId: z.string(),
  status: z.enum(['idle', 'working']),
  /** What it works on. */
  hook: z.object({ kind: z.enum(['bead', 'mergeRequest']), id: z.string() }).optional(),
  /**
   * Dispatches of this agent so far; fences what it says and what is said of it. Not the item's attempt: two items that it
   * works on one after another may both be at their first. 0: never dispatched.
   */
  attempt: z.number().int(),
  dispatchedAt: z.number().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Agent = z.infer<typeof agentSchema>;

/** Names of workers, town-wide unique; then `Polecat-<n>`. */
export const POLECAT_NAMES: readonly string[] =
  'Toast Maple Birch Shadow Clover Ember Sage Dusk Flint Coral Slate Reed Thorn Pike Moss Wren Blaze Gale Drift Lark'.split(
    ' ',
  );
