import * as z from 'zod';
import { mergeMode } from './merge-mode.ts';

/**
 * Settings that towns and rigs share. Names and grouping are the reference's, in camelCase. All are optional: what is stored is
 * what was set, and every default stands once, in `effective.ts`. The descriptions say what a setting does; docs/settings.md and
 * the API's document show them.
 */

/** An empty name is as good as none. */
export const modelName = z.string().trim().max(200);

export const refinerySettings = z.object({
  gates: z
    .array(z.string().min(1).max(2000))
    .max(20)
    .optional()
    .meta({ description: 'Shell commands that must pass on the trial merge of every merge request.' }),
  gateTimeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(7200)
    .optional()
    .meta({ description: 'How long one gate may take before it counts as failed.' }),
  codeReview: z
    .boolean()
    .optional()
    .meta({ description: 'False: no review by an agent; the gates alone decide.' }),
  autoMerge: z
    .boolean()
    .optional()
    .meta({ description: 'Whether the town merges a pull request that nothing blocks.' }),
  autoMergeDelayMinutes: z.number().int().min(0).max(10_080).nullable().optional().meta({
    description: 'How long a pull request that nothing blocks waits for people; null: for ever.',
  }),
  reviewMode: z.enum(['rework', 'comments']).optional().meta({
    description:
      'What the refinery does with what it finds: send the work back, or comment. Takes effect with comments on pull requests.',
  }),
  autoResolvePrFeedback: z
    .boolean()
    .optional()
    .meta({ description: 'Whether agents answer review comments and red checks.' }),
  autoResolveMergeConflicts: z.boolean().optional().meta({
    description: 'Whether agents resolve conflicts of a pull request with its target.',
  }),
});

export const mergeStrategy = z.enum(['direct', 'pr']).meta({
  description: 'Merge directly, or by pull request. A rig on a plain git remote always merges directly.',
});

export const convoyMergeMode = mergeMode.meta({
  description:
    'For convoys that do not say: land all beads together from a feature branch, or merge each into the default branch.',
});

export const instructionsFor = (who: string) =>
  z
    .string()
    .max(2000)
    .meta({ description: `Said to ${who} after the rules of its role, from its next session on.` });

export const modelFor = (who: string) =>
  modelName.meta({ description: `The model of ${who}, from its next session on.` });
