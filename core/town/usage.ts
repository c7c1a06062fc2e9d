import * as z from 'zod';

/** Model tokens and money spent on a work item, summed over its finished attempts. */
export const usageSchema = z.object({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  costUsd: z.number().nonnegative(),
});
export type Spent = z.infer<typeof usageSchema>;

/** With milliseconds in which sessions ran in the container. */
export const spentInSessions = usageSchema.extend({ sessionMs: z.number().nonnegative() });
/** With milliseconds in which containers ran. */
export const spentInTown = usageSchema.extend({ containerMs: z.number().nonnegative() });

export const noUsage: Spent = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

export const nothingSpentInSessions: z.infer<typeof spentInSessions> = { ...noUsage, sessionMs: 0 };
export const nothingSpentInTown: z.infer<typeof spentInTown> = { ...noUsage, containerMs: 0 };

export const addUsage = (a: Spent, b: Spent): Spent => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  costUsd: a.costUsd + b.costUsd,
});
