import * as z from 'zod';
import { severity } from '../town/escalation.ts';
import { MAX_STEPS } from '../town/molecule.ts';
import { triageAction } from '../town/triage-request.ts';
import { messageMode } from './report.ts';

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

/** What a worker wants to know again when its session has to start anew: the last one counts, and comes with `/agent/prime`. */
export const checkpointRequest = z.strictObject({ data: z.string().trim().min(1).max(4096) });
export type CheckpointRequest = z.infer<typeof checkpointRequest>;

/** The present step of the agent's bead is finished; another number than that of the present one is refused. */
export const advanceRequest = z.strictObject({
  /** From 1. */
  step: z.number().int().min(1).max(MAX_STEPS),
  summary: z.string().trim().min(1).max(500),
});
export type AdvanceRequest = z.infer<typeof advanceRequest>;

/** GET /v1/agent/molecule: the step that is to be done now. Null: the bead has no steps, or all are finished. */
export const moleculeAnswer = z
  .looseObject({
    step: z.number().int(),
    of: z.number().int(),
    title: z.string(),
    instructions: z.string().optional(),
    finished: z.array(z.looseObject({ title: z.string(), summary: z.string() })),
  })
  .nullable();
export type MoleculeAnswer = z.infer<typeof moleculeAnswer>;

/** What the agent is doing, for people who look. */
export const statusRequest = z.strictObject({ message: z.string().trim().min(1).max(280) });
export type StatusRequest = z.infer<typeof statusRequest>;

const recipient = z.string().trim().min(1).max(128);

export const mailRequest = z.strictObject({
  /** Id or name of an agent at work, or `mayor`. */
  to: recipient,
  subject: z.string().trim().min(1).max(200),
  body: z.string().max(4096),
});
export type MailRequest = z.infer<typeof mailRequest>;

/** GET /v1/agent/mail: what was written to the agent and not said to it yet, oldest first. */
export const mailAnswer = z.looseObject({
  items: z.array(z.looseObject({ id: z.string(), at: z.string(), text: z.string() })),
});
/** What of it the agent has read: it is not said to it again. */
export const mailReadRequest = z.strictObject({ ids: z.array(z.string().max(64)).min(1).max(20) });
export type MailReadRequest = z.infer<typeof mailReadRequest>;

/** Says something into the session of an agent at work. */
export const nudgeRequest = z.strictObject({
  to: recipient,
  message: z.string().trim().min(1).max(4000),
  mode: messageMode.optional(),
  priority: z.enum(['normal', 'urgent']).optional(),
  /** What nobody has heard by then is dropped. */
  ttlSeconds: z.number().int().min(1).max(86_400).optional(),
});
export type NudgeRequest = z.infer<typeof nudgeRequest>;

/** The decision of a triage agent on what it was asked. */
export const resolveTriageRequest = z.strictObject({
  action: triageAction,
  reason: z.string().trim().min(1).max(1000),
});
export type ResolveTriageRequest = z.infer<typeof resolveTriageRequest>;

/** 202 answer of every route that states something: the statement is stored; the town decides later. */
export const statementAccepted = z.looseObject({ inboxId: z.string(), message: z.string() });
export type StatementAccepted = z.infer<typeof statementAccepted>;

/** GET /v1/agent/prime: what the agent should know when it starts, resumes or was compacted. */
export const primeAnswer = z.looseObject({
  agentId: z.string(),
  role: z.string(),
  name: z.string(),
  work: z.looseObject({
    kind: z.enum(['bead', 'review', 'chat', 'triage']),
    id: z.string(),
    title: z.string(),
    body: z.string().optional(),
    status: z.string(),
    branch: z.string().optional(),
    feedback: z.string().optional(),
    /** What the agent kept in an earlier session at this bead. */
    checkpoint: z.string().optional(),
    /** The step of it that is to be done now; see `/agent/molecule`. */
    step: z.string().optional(),
  }),
});
export type PrimeAnswer = z.infer<typeof primeAnswer>;
