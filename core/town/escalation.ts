import * as z from 'zod';

export const severity = z.enum(['low', 'medium', 'high', 'critical']);
export type Severity = z.infer<typeof severity>;

/** Something that an agent cannot solve, or that the town has noticed, and a person should see. Live until it is acknowledged. */
export const escalationSchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  severity,
  title: z.string(),
  /** At most 4 KiB. */
  text: z.string().optional(),
  /** What the town has noticed; absent: the agent asks for help. */
  category: z.enum(['stuck_agent']).optional(),
  agentId: z.string(),
  /** The session that it is about. */
  attempt: z.number().int().optional(),
  /** What the agent worked on. */
  beadId: z.string().optional(),
  rigId: z.string().optional(),
  /** How often it was raised since nobody acknowledged it, and when last. */
  raised: z.number().int().optional(),
  raisedAt: z.number().optional(),
  acknowledgedBy: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  closedAt: z.number().optional(),
});
export type Escalation = z.infer<typeof escalationSchema>;
