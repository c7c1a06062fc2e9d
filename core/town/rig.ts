import * as z from 'zod';
import { rigConfigSchema } from './config.ts';

/** A git repository that the town works on. */
export const rigSchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  name: z.string(),
  gitUrl: z.string(),
  defaultBranch: z.string(),
  config: rigConfigSchema,
  /** Somebody removes it with all that is unfinished in it: nothing new starts, and it goes when nothing is left. */
  removing: z.object({ by: z.string(), at: z.number() }).optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Rig = z.infer<typeof rigSchema>;
