import * as z from 'zod';
import { agentRole } from '../../core/protocol/sync.ts';

const variables = z.object({
  GASTOWN_API_URL: z.url(),
  GASTOWN_TOKEN_FILE: z.string().min(1),
  GASTOWN_TURN_FILE: z.string().min(1).optional(),
  GASTOWN_AGENT_ID: z.string().min(1),
  GASTOWN_AGENT_ROLE: agentRole,
});

/** What the supervisor tells the plugin. The token itself is in a file, since it is renewed while the agent runs. */
export type PluginEnvironment = z.infer<typeof variables>;

/** @throws ZodError naming the variables that are missing. */
export function readEnvironment(env: NodeJS.ProcessEnv): PluginEnvironment {
  return variables.parse(env);
}
