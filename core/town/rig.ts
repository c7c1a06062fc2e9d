import * as z from 'zod';
import { rigConfigSchema } from './config.ts';
import { forgeAt } from './config/github-host.ts';

/** A git repository that the town works on. */
export const rigSchema = z.object({
  id: z.string(),
  rev: z.number().int(),
  name: z.string(),
  gitUrl: z.string(),
  defaultBranch: z.string(),
  /** What has pull requests for it; absent: nothing, or the town is older than this. */
  forge: z.enum(['github']).optional(),
  /** What gives tokens for it, before what the town has; see `Integration`. */
  integrationId: z.string().optional(),
  config: rigConfigSchema,
  /** Somebody removes it with all that is unfinished in it: nothing new starts, and it goes when nothing is left. */
  removing: z.object({ by: z.string(), at: z.number() }).optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Rig = z.infer<typeof rigSchema>;

/** What has pull requests for its repository; undefined: a plain git remote, into which the town merges directly. */
export const forgeOf = ({ forge, gitUrl }: Pick<Rig, 'forge' | 'gitUrl'>): Rig['forge'] =>
  forge ?? forgeAt(gitUrl, 'github.com');
