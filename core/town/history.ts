import * as z from 'zod';
import { agentRole } from '../protocol/report.ts';
import { usageSchema } from './usage.ts';

/** What a town remembers and no rule reads: written by the commit that makes it, never changed. */

/** One session of an agent on one work item, from dispatch to release. */
export const attemptEntry = z.object({
  kind: z.literal('attempt'),
  /** What the session was for. */
  subject: z.object({ kind: z.enum(['bead', 'mergeRequest', 'triageRequest', 'town']), id: z.string() }),
  /** Whose cost it is: the bead that was worked on or reviewed, or the convoy of a landing review. */
  beadId: z.string().optional(),
  convoyId: z.string().optional(),
  rigId: z.string().optional(),
  agentId: z.string(),
  agentName: z.string(),
  role: agentRole,
  /** Dispatches of the agent so far: with its id the name of the session. */
  session: z.number().int(),
  /** The bead's own count at this session; 0 for a review or a chat. */
  attempt: z.number().int(),
  branch: z.string().optional(),
  epoch: z.number().int(),
  startedAt: z.number(),
  endedAt: z.number(),
  /** `done`, `approved`, `changes_requested`, `cancelled`, `stopped`, `lost`, `failed`. */
  outcome: z.string(),
  reason: z.string(),
  usage: usageSchema,
});
export type AttemptEntry = z.infer<typeof attemptEntry>;

/** One task of the town's container, from the request to start it to the news that it has stopped. */
export const runEntry = z.object({
  kind: z.literal('run'),
  epoch: z.number().int(),
  startedAt: z.number(),
  stoppedAt: z.number(),
  reason: z.string(),
});
export type RunEntry = z.infer<typeof runEntry>;

/** One message of the chat with the mayor. */
export const chatEntry = z.object({
  kind: z.literal('chat'),
  id: z.string(),
  from: z.enum(['user', 'mayor']),
  /** The user, for a message of one. */
  by: z.string().optional(),
  text: z.string(),
  at: z.number(),
});
export type ChatEntry = z.infer<typeof chatEntry>;

export const historyEntry = z.discriminatedUnion('kind', [attemptEntry, runEntry, chatEntry]);
export type HistoryEntry = z.infer<typeof historyEntry>;
export type HistoryKind = HistoryEntry['kind'];
export type HistoryOf<K extends HistoryKind> = Extract<HistoryEntry, { kind: K }>;
