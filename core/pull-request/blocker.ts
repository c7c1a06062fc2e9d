import * as z from 'zod';

/**
 * What keeps a pull request from being merged, and who has to act on it. A merge is asked for only when there is none.
 */
export const blockerKind = z.enum([
  'draft',
  'inMergeQueue',
  'conflict',
  'behindBase',
  'checkFailed',
  'checkPending',
  'checksUnknown',
  'needsApproval',
  'changesRequested',
  'unresolvedThreads',
  'policyRefused',
  'unknownYet',
]);
export type BlockerKind = z.infer<typeof blockerKind>;

export const blockerSchema = z.object({
  kind: blockerKind,
  who: z.enum(['agent', 'human', 'platform']),
  /** In a few words, for people. At most `MAX_DETAIL_CHARS`. */
  detail: z.string(),
});
export type Blocker = z.infer<typeof blockerSchema>;

export const MAX_DETAIL_CHARS = 300;
