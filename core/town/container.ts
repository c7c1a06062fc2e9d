import * as z from 'zod';
import { jobSpec } from '../protocol/job.ts';
import { agentReport, agentRole, messageMode, rigSpec, triageWork } from '../protocol/report.ts';
import { jobReport } from '../protocol/job.ts';

/** An agent that should run: its sync entry without what the container lambda adds (token, body, feedback). */
export const desiredAgent = z.object({
  agentId: z.string(),
  role: agentRole,
  name: z.string(),
  rigId: z.string(),
  attempt: z.number().int(),
  work: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('bead'),
      beadId: z.string(),
      title: z.string(),
      hasBody: z.boolean(),
      hasFeedback: z.boolean(),
      branch: z.string(),
      base: z.string(),
      createBaseFrom: z.string(),
    }),
    z.object({
      kind: z.literal('review'),
      mergeRequestId: z.string(),
      /** Whose body tells the reviewer what was asked for. */
      beadId: z.string().optional(),
      title: z.string(),
      branch: z.string(),
      headSha: z.string(),
      target: z.string(),
      targetSha: z.string(),
      candidateSha: z.string(),
    }),
    z.object({
      kind: z.literal('chat'),
      /** What the town has written down of the session; a report that says more is news. */
      isWaiting: z.boolean(),
      repliesTaken: z.number().int(),
    }),
    triageWork,
  ]),
  messages: z.array(
    z.object({
      messageId: z.string(),
      text: z.string(),
      mode: messageMode.optional(),
      isRepeated: z.boolean().optional(),
    }),
  ),
});
export type DesiredAgent = z.infer<typeof desiredAgent>;

export const desiredSchema = z.object({
  rigs: z.array(rigSpec),
  agents: z.array(desiredAgent),
  jobs: z.array(jobSpec),
});
export type Desired = z.infer<typeof desiredSchema>;

/** What the town's one container should run; written by the reconciler only. */
export const containerSchema = z.object({
  rev: z.number().int(),
  state: z.enum(['absent', 'starting', 'running', 'draining', 'stopping', 'lost']),
  since: z.number(),
  /** Number of the current or last task. The next one starts only when this one is known to have stopped. */
  epoch: z.number().int(),
  taskArn: z.string().optional(),
  startedAt: z.number().optional(),
  /** Since when nothing is runnable; absent while something is. */
  idleSince: z.number().optional(),
  /** When a container was last drained because nothing was runnable. */
  idleStoppedAt: z.number().optional(),
  /** Tasks in a row that ended without being asked to, or never synced. */
  failures: z.number().int(),
  lastFailedAt: z.number().optional(),
  lastError: z.string().optional(),
  /** The platform had no room: how often in a row, and when last. It is no failure of a container. */
  refused: z.object({ times: z.number().int(), at: z.number() }).optional(),
  desired: desiredSchema,
});
export type Container = z.infer<typeof containerSchema>;

export const absentContainer = (now: number): Container => ({
  rev: 0,
  state: 'absent',
  since: now,
  epoch: 0,
  failures: 0,
  desired: { rigs: [], agents: [], jobs: [] },
});

/** What the container last reported; written by the container lambda only, ordered by epoch and sequence. */
export const observedSchema = z.object({
  epoch: z.number().int(),
  /** 0: bootstrapped, not synced yet. */
  sequence: z.number().int(),
  syncedAt: z.number(),
  /** Thumbprint of the key that the bootstrap token was first used with. */
  keyThumbprint: z.string().optional(),
  phase: z.enum(['running', 'draining', 'drained']),
  agents: z.array(agentReport),
  jobs: z.array(jobReport),
});
export type Observed = z.infer<typeof observedSchema>;
