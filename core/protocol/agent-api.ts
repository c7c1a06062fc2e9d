import * as z from 'zod';
import { severity } from '../town/escalation.ts';

/** Bodies of the tool routes `/v1/agent/*`. The agent itself is never named in a body: it comes from the token. */

export const doneRequest = z.strictObject({
  branch: z.string().min(1).max(255),
  summary: z.string().max(4096).optional(),
});
export type DoneRequest = z.infer<typeof doneRequest>;

export const verdictRequest = z.strictObject({
  verdict: z.enum(['approve', 'request_changes']),
  /** Required to request changes: what the next attempt must do. */
  feedback: z.string().max(16_384).optional(),
});
export type VerdictRequest = z.infer<typeof verdictRequest>;

/** Help that an agent asks for; people see it in the town's escalations. */
export const escalateRequest = z.strictObject({
  severity,
  title: z.string().trim().min(1).max(200),
  text: z.string().max(4096).optional(),
});
export type EscalateRequest = z.infer<typeof escalateRequest>;

/** 202 answer of `/agent/escalate`, `/agent/done` and `/agent/verdict`: the statement is stored; the town decides later. */
export const statementAccepted = z.looseObject({ inboxId: z.string(), message: z.string() });
export type StatementAccepted = z.infer<typeof statementAccepted>;

/** GET /v1/agent/prime: what the agent should know when it starts, resumes or was compacted. */
export const primeAnswer = z.looseObject({
  agentId: z.string(),
  role: z.string(),
  name: z.string(),
  work: z.looseObject({
    kind: z.enum(['bead', 'review', 'chat']),
    id: z.string(),
    title: z.string(),
    body: z.string().optional(),
    status: z.string(),
    branch: z.string().optional(),
    feedback: z.string().optional(),
  }),
});
export type PrimeAnswer = z.infer<typeof primeAnswer>;
