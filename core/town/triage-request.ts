import * as z from 'zod';

/** What can be decided; each is done by the fact `triage_resolved` (hazard H-19: nothing else is offered). */
export const triageAction = z.enum([
  'nudge',
  'restart',
  'restart_with_backoff',
  'reassign_bead',
  'close_bead',
  'escalate_to_mayor',
  'escalate',
  'discard',
]);
export type TriageAction = z.infer<typeof triageAction>;

/** Something that somebody with judgement has to decide on before the town can go on with it: one question, asked of a triage agent. */
export const triageRequestSchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  type: z.enum(['stuck_agent', 'escalation']),
  title: z.string(),
  /** What is known of it, for who decides. At most 4 KiB. */
  text: z.string().optional(),
  rigId: z.string(),
  /** Whom it is about, and in which session: a decision about an earlier one changes nothing. */
  agentId: z.string().optional(),
  attempt: z.number().int().optional(),
  /** What that agent worked on when it was asked. */
  beadId: z.string().optional(),
  escalationId: z.string().optional(),
  /** The triage agent that decides on it. */
  assigneeAgentId: z.string().optional(),
  /** Sessions of triage agents that ended without a decision. */
  attempts: z.number().int().nonnegative(),
  cooldownFrom: z.number().optional(),
  resolution: z.object({ action: z.string(), notes: z.string().optional(), by: z.string() }).optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  closedAt: z.number().optional(),
});
export type TriageRequest = z.infer<typeof triageRequestSchema>;
