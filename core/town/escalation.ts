import * as z from 'zod';

export const severity = z.enum(['low', 'medium', 'high', 'critical']);
export type Severity = z.infer<typeof severity>;

/** Something that an agent cannot solve and a person should see. Live until it is acknowledged. */
export const escalationSchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  severity,
  title: z.string(),
  /** At most 4 KiB. */
  text: z.string().optional(),
  agentId: z.string(),
  /** What the agent worked on. */
  beadId: z.string().optional(),
  rigId: z.string().optional(),
  acknowledgedBy: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  closedAt: z.number().optional(),
});
export type Escalation = z.infer<typeof escalationSchema>;
