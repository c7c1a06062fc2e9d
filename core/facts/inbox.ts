import * as z from 'zod';

/** Statements of people and of agents' tools. Put before the head is bumped; deleted by the commit that applies them. */
export const inboxStatement = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('agent_done'),
    agentId: z.string(),
    beadId: z.string(),
    attempt: z.number().int(),
    branch: z.string(),
    summary: z.string().optional(),
  }),
  z.object({
    type: z.literal('agent_verdict'),
    agentId: z.string(),
    mergeRequestId: z.string(),
    attempt: z.number().int(),
    verdict: z.enum(['approve', 'request_changes']),
    feedback: z.string().optional(),
  }),
  z.object({ type: z.literal('convoy_started'), convoyId: z.string(), by: z.string() }),
  z.object({ type: z.literal('bead_started'), beadId: z.string(), by: z.string() }),
  z.object({
    type: z.literal('bead_cancelled'),
    beadId: z.string(),
    as: z.enum(['closed', 'failed']),
    reason: z.string().optional(),
    by: z.string(),
  }),
]);
export type InboxStatement = z.infer<typeof inboxStatement>;

export const inboxItemSchema = z.object({ id: z.string(), at: z.number(), statement: inboxStatement });
export type InboxItem = z.infer<typeof inboxItemSchema>;
