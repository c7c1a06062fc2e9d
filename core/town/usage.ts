import * as z from 'zod';

/** Model tokens and money spent on a work item, summed over its finished attempts. */
export const usageSchema = z.object({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  costUsd: z.number().nonnegative(),
});
export type Spent = z.infer<typeof usageSchema>;

export const noUsage: Spent = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

export const addUsage = (a: Spent, b: Spent): Spent => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  costUsd: a.costUsd + b.costUsd,
});
