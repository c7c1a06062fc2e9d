import * as z from 'zod';
import { jobReport, jobSpec } from './job.ts';
import { agentReport, agentRole, messageMode, rigSpec, triageWork } from './report.ts';

export {
  agentReport,
  agentRole,
  messageMode,
  rigSpec,
  usage,
  type AgentReport,
  type AgentRole,
  type MessageMode,
  type RigSpec,
  type Usage,
} from './report.ts';

/**
 * Container sync: the supervisor reports what it runs and is told what it should run. The answer is level, not edge: it
 * lists everything that should exist; what is missing from it is to be stopped and forgotten (for a finished job, that is
 * the acknowledgement of its result).
 */
export const SYNC_PROTOCOL = 1;

/** Longest time between two syncs, in seconds (design decision 9). */
export const SYNC_INTERVAL_SECONDS = 30;

/** What an agent works on. Titles, bodies and feedback are untrusted text. */
export const agentWork = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('bead'),
    beadId: z.string(),
    title: z.string(),
    body: z.string().optional(),
    /** Why the last attempt was not accepted. */
    feedback: z.string().optional(),
    /** The one branch that the agent may push. */
    branch: z.string(),
    /** Cut from, and later merged to; made from `createBaseFrom` on the remote if it is not there yet. */
    base: z.string(),
    createBaseFrom: z.string(),
  }),
  z.looseObject({
    kind: z.literal('review'),
    mergeRequestId: z.string(),
    title: z.string(),
    body: z.string().optional(),
    branch: z.string(),
    headSha: z.string(),
    target: z.string(),
    targetSha: z.string(),
    /** The trial merge that passed the gates: what the reviewer's worktree shows. */
    candidateSha: z.string(),
  }),
  /** The mayor's chat. It ends with its container. */
  z.looseObject({
    kind: z.literal('chat'),
    townName: z.string(),
    rigs: z.array(z.looseObject({ rigId: z.string(), name: z.string(), defaultBranch: z.string() })),
    /** The end of the conversation so far, oldest first; given when the session starts. */
    history: z.array(z.looseObject({ from: z.enum(['user', 'mayor']), text: z.string() })).optional(),
  }),
  triageWork,
]);
export type AgentWork = z.infer<typeof agentWork>;

export const agentSpec = z.looseObject({
  agentId: z.string(),
  role: agentRole,
  name: z.string(),
  rigId: z.string(),
  /** Number of the agent's dispatch: another one is another session. With the epoch it fences everything the agent says. */
  attempt: z.number().int().positive(),
  work: agentWork,
  /** ES256 token for the agent's tools; at most 1 h, renewed in every answer. */
  token: z.string(),
  /** Said to the agent in its session, oldest first, until reported delivered. */
  messages: z.array(
    z.looseObject({
      messageId: z.string(),
      text: z.string(),
      mode: messageMode.optional(),
      /** A session before this one was told of it and has not answered. */
      isRepeated: z.boolean().optional(),
    }),
  ),
  /** What people want of this role beside its work; at most 2000 characters each of town and rig. */
  instructions: z.string().optional(),
  /** Who people want to have written its commits; what is absent is the agent's own. */
  gitAuthor: z
    .looseObject({
      name: z.string().optional(),
      email: z.string().optional(),
      /** Whether the commits name the agent as co-author. */
      hasCoauthor: z.boolean(),
    })
    .optional(),
});
export type AgentSpec = z.infer<typeof agentSpec>;

export const syncRequest = z.looseObject({
  protocol: z.number().int(),
  epoch: z.number().int().positive(),
  /** Grows with every request of an epoch; an older one never overwrites a newer one. */
  sequence: z.number().int().positive(),
  phase: z.enum(['running', 'draining', 'drained']),
  agents: z.array(agentReport).max(60),
  jobs: z.array(jobReport).max(100),
});
export type SyncRequest = z.infer<typeof syncRequest>;

export const syncAnswer = z.looseObject({
  protocol: z.number().int(),
  epoch: z.number().int(),
  /** Revision of the desired state; never goes back within an epoch. */
  revision: z.number().int(),
  containerToken: z.string(),
  /** Finish, save, report `drained`, exit. */
  drain: z.boolean(),
  rigs: z.array(rigSpec),
  agents: z.array(agentSpec),
  jobs: z.array(jobSpec),
  syncIntervalSeconds: z.number().positive(),
});
export type SyncAnswer = z.infer<typeof syncAnswer>;

export const bootstrapRequest = z.looseObject({
  bootstrapToken: z.string().max(2048),
  /** The supervisor's ES256 public key: the first use of the token binds it to this key. */
  publicKey: z.looseObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
});
export type BootstrapRequest = z.infer<typeof bootstrapRequest>;

export const bootstrapAnswer = z.looseObject({
  containerToken: z.string(),
  /** Where the supervisor listens for `sync-now`; null when there is no socket API. */
  socketUrl: z.string().nullable(),
});
export type BootstrapAnswer = z.infer<typeof bootstrapAnswer>;

/** Answer of POST /v1/container/model-credentials: a Kilo provider entry. Never stored in a record. */
export const modelCredentials = z.looseObject({
  providerId: z.string(),
  /** The AI SDK package that Kilo loads for this provider. */
  npm: z.string(),
  options: z.record(z.string(), z.string()),
  modelId: z.string(),
  smallModelId: z.string(),
  /** Environment of the agent server that the provider reads (Bedrock); usually empty. */
  env: z.record(z.string(), z.string()),
});
export type ModelCredentials = z.infer<typeof modelCredentials>;
