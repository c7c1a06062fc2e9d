import * as z from 'zod';

/**
 * What of the sync the town keeps in its records: who an agent is and what its container says of it. A file of its own, so that the
 * reconciler does not load the rest of the protocol.
 */

export const agentRole = z.enum(['polecat', 'refinery', 'mayor', 'triage']);
export type AgentRole = z.infer<typeof agentRole>;

/** What a model that charges next to nothing costs would be a number that the database does not take. */
const LEAST_COST_USD = 1e-12;
const MOST_COST_USD = 1e9;

export const usage = z.looseObject({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  costUsd: z
    .number()
    .nonnegative()
    .transform((cost) => (cost < LEAST_COST_USD ? 0 : Math.min(cost, MOST_COST_USD))),
});
export type Usage = z.infer<typeof usage>;

/** When a message is said to an agent: between its turns, in the middle of one, or with the next thing it is told. */
export const messageMode = z.enum(['wait-idle', 'immediate', 'queue']);
export type MessageMode = z.infer<typeof messageMode>;

/** What triage decides on; all text in it is untrusted. */
export const triageWork = z.looseObject({
  kind: z.literal('triage'),
  requestId: z.string(),
  type: z.enum(['stuck_agent', 'escalation']),
  title: z.string(),
  text: z.string().optional(),
  agentName: z.string(),
  beadTitle: z.string().optional(),
});

export const rigSpec = z.looseObject({
  rigId: z.string(),
  gitUrl: z.string(),
  defaultBranch: z.string(),
});
export type RigSpec = z.infer<typeof rigSpec>;

export const agentReport = z.looseObject({
  agentId: z.string(),
  attempt: z.number().int().positive(),
  /** `exited`: ended by itself (a turn ended and nothing followed); `failed`: could not start or broke. */
  state: z.enum(['starting', 'working', 'idle', 'exited', 'failed']),
  reason: z.string().max(500).optional(),
  /** When the agent last began or ended a turn; ISO-8601. Syncs never refresh it (hazard H-02). */
  lastTurnAt: z.string().optional(),
  /** When its session last did anything at all; ISO-8601. */
  lastEventAt: z.string().optional(),
  /** Tools that are at work just now. */
  activeTools: z.array(z.string()).max(20).optional(),
  usage,
  /** Said to the agent; for the mayor, whose turn on it has ended, too. */
  deliveredMessageIds: z.array(z.string()).max(50),
  /** What the mayor answered, the last few. The sequence grows, also over a restart of the session. */
  replies: z
    .array(
      z.looseObject({ sequence: z.number().int().positive(), text: z.string().max(8192), at: z.string() }),
    )
    .max(5)
    .optional(),
});
export type AgentReport = z.infer<typeof agentReport>;
