import * as z from 'zod';

/** What the supervisor asks for when it needs it. Answers are never stored, and never given to agents as they are. */

/** Body of POST /v1/container/model-credentials. Without the agent: what agents without a model of their own get. */
export const modelCredentialsRequest = z.looseObject({ agentId: z.string().max(128).optional() });

/** Body of POST /v1/container/git-credentials. */
export const gitCredentialsRequest = z.looseObject({ rigId: z.string().max(128) });

/** What opens the rig's repository over https; null: there is nothing, or it needs none. */
export const gitCredentialsAnswer = z.looseObject({
  credentials: z.looseObject({ username: z.string(), password: z.string() }).nullable(),
});
export type GitCredentialsAnswer = z.infer<typeof gitCredentialsAnswer>;

/** Answer of POST /v1/container/environment: variables of agents and gates, as people set them. */
export const environmentAnswer = z.looseObject({ variables: z.record(z.string(), z.string()) });
export type EnvironmentAnswer = z.infer<typeof environmentAnswer>;
