import * as z from 'zod';
import { budgetSettings } from './budgets.ts';
import { convoyMergeMode, instructionsFor, mergeStrategy, modelFor, refinerySettings } from './fields.ts';
import { modelProvider } from './model-provider.ts';

/** A gateway in a private network may have no certificate. */
/** Settings are shown and exported as they are: what is secret has fields of its own. */
const hasNoCredentials = (text: string): boolean => !/^[a-z]+:\/\/[^/?#]*@/i.test(text);
const NO_CREDENTIALS = 'leave credentials out of the address; they have settings of their own';

const providerUrl = z
  .url({ protocol: /^https?$/, error: 'not an https:// or http:// address' })
  .max(2048)
  .refine(hasNoCredentials, NO_CREDENTIALS);
const secureUrl = z
  .url({ protocol: /^https$/, error: 'not an https:// address' })
  .max(2048)
  .refine(hasNoCredentials, NO_CREDENTIALS);

/**
 * A town's settings as they are stored: what was set, without secrets. For each secret that is set `secrets` names the version
 * that counts, so that one write of this item changes settings and secrets together.
 */
export const townConfigSchema = z.object({
  defaultModel: modelFor('agents that have no model of their own').optional(),
  smallModel: modelFor('titles and summaries').optional(),
  roleModels: z
    .object({
      mayor: modelFor('the mayor').optional(),
      refinery: modelFor('refineries').optional(),
      polecat: modelFor('polecats').optional(),
    })
    .optional(),
  model: z
    .object({
      provider: modelProvider
        .optional()
        .meta({ description: 'Who serves the models. Unset: whatever the installation has.' }),
      baseUrl: providerUrl
        .optional()
        .meta({ description: 'Address of the provider’s API, when it is not the provider’s own.' }),
      region: z
        .string()
        .regex(/^[a-z0-9-]{1,32}$/)
        .optional()
        .meta({ description: 'AWS region of the models; amazon-bedrock needs it.' }),
    })
    .optional(),
  budgets: budgetSettings.optional(),
  maxPolecatsPerRig: z
    .number()
    .int()
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'Polecats at work in one rig at the same time.' }),
  mergeStrategy: mergeStrategy.optional(),
  refinery: refinerySettings.optional(),
  stagedConvoysDefault: z
    .boolean()
    .optional()
    .meta({ description: 'Whether a convoy that does not say waits until somebody starts it.' }),
  convoyMergeMode: convoyMergeMode.optional(),
  gitAuthorName: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^<>\p{Cc}]*$/u, 'without < > and control characters')
    .optional()
    .meta({ description: 'Author and committer of the agents’ commits, instead of the agent’s own name.' }),
  gitAuthorEmail: z.email().max(320).optional().meta({
    description: 'Address of author and committer of the agents’ commits, instead of the agent’s own.',
  }),
  disableAiCoauthor: z.boolean().optional().meta({
    description:
      'With a git author of one’s own, commits name the agent in a Co-authored-by line; true: they do not.',
  }),
  customInstructions: z
    .object({
      polecat: instructionsFor('polecats').optional(),
      refinery: instructionsFor('refineries').optional(),
      mayor: instructionsFor('the mayor').optional(),
    })
    .optional(),
  container: z
    .object({
      sleepAfterMinutes: z.number().min(0).max(120).optional().meta({
        description: 'Minutes without runnable work before the container stops; fractions are allowed.',
      }),
      memoryGiB: z.number().int().min(2).max(120).optional().meta({
        description: 'Memory of the task: how many agents run at the same time is computed from it.',
      }),
    })
    .optional(),
  gitAuth: z
    .object({
      gitlabInstanceUrl: secureUrl
        .optional()
        .meta({ description: 'The GitLab whose repositories get gitAuth.gitlabToken.' }),
      platformIntegrationId: z.string().min(1).max(128).optional().meta({
        description:
          "The integration (GitHub App) of the town's owner or organisation that gives tokens for repositories on GitHub: after a rig's own, before gitAuth.githubToken.",
      }),
    })
    .optional(),
  /** By the secret's name (see `secrets.ts`): the version that counts. */
  secrets: z.record(z.string(), z.string()).optional(),
});
export type TownConfig = z.infer<typeof townConfigSchema>;
