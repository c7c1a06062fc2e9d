import * as z from 'zod';
import { minutes } from '../town/instant.ts';

/** One import, kept with the user who asked for it: there is no town yet. */
export const importRecord = z.object({
  id: z.string(),
  /** `waiting` for the upload, or for a worker. */
  state: z.enum(['waiting', 'running', 'ready', 'failed']),
  /** Organisations of the user: the town goes on belonging to one of them only. */
  orgIds: z.array(z.string()),
  /** Until then one worker has it; past that, it was lost and another may take it. */
  claimedUntil: z.number().optional(),
  townId: z.string().optional(),
  /** Secrets that the town had where it comes from: to be set anew. */
  secretsLeftOut: z.array(z.string()).optional(),
  /** What is wrong with the file, and the line that it is in. */
  error: z.object({ message: z.string(), line: z.number().int().optional() }).optional(),
  /** Of the last try that broke for another reason than the file. */
  lastError: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Seconds since 1970, for the table's time to live; a town that was made stays. */
  expiresAt: z.number(),
});
export type ImportRecord = z.infer<typeof importRecord>;

export const MAX_IMPORT_BYTES = 256 * 1024 * 1024;
export const IMPORT_LIFE_DAYS = 7;
/** Longer than a worker runs. */
export const IMPORT_CLAIM_MS = minutes(16);
export const importKey = (importId: string): string => `imports/${importId}.jsonl`;
