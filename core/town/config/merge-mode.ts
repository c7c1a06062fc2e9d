import * as z from 'zod';

export const mergeMode = z.enum(['review-then-land', 'review-and-merge']);
export type MergeMode = z.infer<typeof mergeMode>;
