import * as z from 'zod';
import { isEnvironmentName, MAX_SECRET_BYTES, MAX_VARIABLES } from './environment.ts';
import { townConfigSchema } from './town.ts';

/** A value that nobody reads back: answers show `****` and its last characters. An empty one is none. */
const secret = (description: string) =>
  z
    .string()
    .refine((value) => new TextEncoder().encode(value).length <= MAX_SECRET_BYTES, 'at most 4 KiB')
    .refine((value) => !/[\r\n\0]/.test(value), 'no line breaks')
    .optional()
    .meta({ description, format: 'password', maxLength: MAX_SECRET_BYTES });

const variables = z
  .record(
    z.string().refine(isEnvironmentName, 'not a name of a variable, or one that the town itself sets'),
    z
      .string()
      .refine((value) => new TextEncoder().encode(value).length <= MAX_SECRET_BYTES, 'at most 4 KiB')
      .refine((value) => !value.includes('\0'), 'no NUL'),
  )
  .refine((all) => Object.keys(all).length <= MAX_VARIABLES, `at most ${MAX_VARIABLES} variables`)
  .optional()
  .meta({
    description: 'Environment of agents and gates; values are secret. Given, it replaces all that were set.',
  });

/** A town's settings as people write and read them: what is stored, and the secrets in their places. */
export const townSettingsSchema = townConfigSchema.omit({ secrets: true }).extend({
  model: townConfigSchema.shape.model
    .unwrap()
    .extend({ apiKey: secret('Key of the provider; for amazon-bedrock a Bedrock API key.') })
    .optional(),
  gitAuth: townConfigSchema.shape.gitAuth
    .unwrap()
    .extend({
      githubToken: secret('Token for repositories on GitHub; agents never see it.'),
      gitlabToken: secret('Token for repositories on GitLab; agents never see it.'),
    })
    .optional(),
  githubCliPat: secret('Token for pull requests, instead of gitAuth.githubToken.'),
  envVars: variables,
});
export type TownSettings = z.infer<typeof townSettingsSchema>;
