import * as z from 'zod';
import { convoyMergeMode, instructionsFor, mergeStrategy, modelFor, refinerySettings } from './fields.ts';

/** What was set for one rig; the rest is as the town has it. The mayor's settings are the town's alone. */
export const rigConfigSchema = z.object({
  defaultModel: modelFor('this rig’s agents that have no model of their own').optional(),
  roleModels: z
    .object({
      refinery: modelFor('this rig’s refinery').optional(),
      polecat: modelFor('this rig’s polecats').optional(),
    })
    .optional(),
  maxConcurrentPolecats: z.number().int().min(1).max(50).optional().meta({
    description: 'Polecats at work in this rig at the same time, instead of the town’s maxPolecatsPerRig.',
  }),
  maxDispatchAttempts: z.number().int().min(1).max(100).optional().meta({
    description: 'Sessions on one bead, or reviews of one merge request, before the town gives up.',
  }),
  mergeStrategy: mergeStrategy.optional(),
  convoyMergeMode: convoyMergeMode.optional(),
  refinery: refinerySettings.optional(),
  customInstructions: z
    .object({
      polecat: instructionsFor('this rig’s polecats, after the town’s,').optional(),
      refinery: instructionsFor('this rig’s refinery, after the town’s,').optional(),
    })
    .optional(),
});
export type RigConfig = z.infer<typeof rigConfigSchema>;
