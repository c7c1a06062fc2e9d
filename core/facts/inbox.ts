import * as z from 'zod';
import { messageMode } from '../protocol/report.ts';
import { beadSchema } from '../town/bead.ts';
import { severity } from '../town/escalation.ts';
import { triageAction } from '../town/triage-request.ts';

/** By whom an agent's statement is, and in which of its sessions. */
const said = { agentId: z.string(), attempt: z.number().int() };

/** Statements of people and of agents' tools. Put before the head is bumped; deleted by the commit that applies them. */
export const inboxStatement = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('agent_done'),
    ...said,
    beadId: z.string(),
    branch: z.string(),
    summary: z.string().optional(),
  }),
  z.object({
    type: z.literal('agent_verdict'),
    ...said,
    mergeRequestId: z.string(),
    verdict: z.enum(['approve', 'request_changes']),
    feedback: z.string().optional(),
  }),
  z.object({
    type: z.literal('agent_advanced'),
    agentId: z.string(),
    attempt: z.number().int(),
    beadId: z.string(),
    /** From 0. */
    step: z.number().int(),
    summary: z.string(),
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
  /** Carries the ended record: a step reads live records only. Its edges are as the archive shows them. */
  z.object({ type: z.literal('bead_reopened'), bead: beadSchema.loose(), by: z.string() }),
  z.object({ type: z.literal('bead_deleted'), beadId: z.string(), by: z.string() }),
  z.object({
    type: z.literal('convoy_closed'),
    convoyId: z.string(),
    reason: z.string().optional(),
    by: z.string(),
  }),
  /** Try again what needs attention; failed beads are reopened by statements of their own, before this one. */
  z.object({ type: z.literal('convoy_retried'), convoyId: z.string(), by: z.string() }),
  z.object({
    type: z.literal('convoy_bead_added'),
    convoyId: z.string(),
    beadId: z.string(),
    dependsOn: z.array(z.string()),
    by: z.string(),
  }),
  z.object({
    type: z.literal('convoy_bead_removed'),
    convoyId: z.string(),
    beadId: z.string(),
    by: z.string(),
  }),
  z.object({
    type: z.literal('rig_removed'),
    rigId: z.string(),
    /** Also with unfinished work, which is cancelled. */
    isForced: z.boolean().optional(),
    by: z.string(),
  }),
  z.object({ type: z.literal('rule_resumed'), rule: z.string(), by: z.string() }),
  z.object({ type: z.literal('agent_stopped'), agentId: z.string(), by: z.string() }),
  z.object({ type: z.literal('agent_reset'), agentId: z.string(), by: z.string() }),
  z.object({
    type: z.literal('agent_nudged'),
    agentId: z.string(),
    messageId: z.string(),
    text: z.string(),
    mode: messageMode,
    by: z.string(),
    /** When an agent says it: in which of its sessions. */
    from: z.object({ agentId: z.string(), attempt: z.number().int() }).optional(),
    isUrgent: z.boolean().optional(),
    ttlSeconds: z.number().int().positive().optional(),
  }),
  z.object({
    type: z.literal('agent_mailed'),
    ...said,
    to: z.string(),
    messageId: z.string(),
    text: z.string(),
  }),
  z.object({ type: z.literal('agent_mail_read'), ...said, messageIds: z.array(z.string()) }),
  z.object({ type: z.literal('agent_status_set'), ...said, text: z.string() }),
  z.object({ type: z.literal('agent_checkpointed'), ...said, beadId: z.string(), data: z.string() }),
  z.object({
    type: z.literal('triage_resolved'),
    ...said,
    requestId: z.string(),
    action: triageAction,
    notes: z.string(),
  }),
  /** Somebody wants to see the mayor ready. */
  z.object({ type: z.literal('mayor_ensured'), by: z.string() }),
  z.object({
    type: z.literal('mayor_message'),
    messageId: z.string(),
    text: z.string(),
    /** What the person was looking at, as the client says it. */
    context: z.string().optional(),
    by: z.string(),
  }),
  z.object({
    type: z.literal('agent_escalated'),
    ...said,
    escalationId: z.string(),
    severity,
    title: z.string(),
    text: z.string().optional(),
  }),
  z.object({ type: z.literal('escalation_acknowledged'), escalationId: z.string(), by: z.string() }),
  z.object({ type: z.literal('export_requested'), exportId: z.string(), by: z.string() }),
]);
export type InboxStatement = z.infer<typeof inboxStatement>;

export const inboxItemSchema = z.object({ id: z.string(), at: z.number(), statement: inboxStatement });
export type InboxItem = z.infer<typeof inboxItemSchema>;
