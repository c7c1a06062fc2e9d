import * as z from 'zod';
import { messageMode } from '../protocol/report.ts';

/** Something the town has to say to an agent in its session; deleted when the container reports it delivered. */
export const mailSchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  agentId: z.string(),
  attempt: z.number().int(),
  text: z.string(),
  /** When to say it; absent: `wait-idle`. */
  mode: messageMode.optional(),
  /** Said before the others. */
  isUrgent: z.boolean().optional(),
  /** When nobody need hear it any more. */
  expiresAt: z.number().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Mail = z.infer<typeof mailSchema>;
