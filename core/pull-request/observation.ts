import * as z from 'zod';
import { blockerSchema } from './blocker.ts';
import { blockersOf } from './blockers.ts';
import { failureKind } from './failure.ts';
import { feedbackOf } from './feedback.ts';
import type { PullRequestSnapshot } from './snapshot.ts';

/** Blockers that one observation carries at most. */
const MAX_BLOCKERS = 20;

/** What is known of the pull request of a merge request: the part of a forge's answer that rules read. */
export const observationSchema = z.object({
  mergeRequestId: z.string(),
  number: z.number().int().positive(),
  url: z.string(),
  state: z.enum(['open', 'merged', 'closed']),
  headSha: z.string(),
  baseBranch: z.string(),
  mergeSha: z.string().optional(),
  blockers: z.array(blockerSchema),
  /** What an agent could repair, for the bead that does. */
  feedback: z.string().optional(),
  /** The forge's clock. An observation that is older than the last one changes nothing. */
  at: z.number(),
});
export type Observation = z.infer<typeof observationSchema>;

/** A forge that could not be asked about this merge request. */
export const askFailureSchema = z.object({
  mergeRequestId: z.string(),
  failure: z.object({ kind: failureKind, message: z.string(), until: z.number().optional() }),
});
export type AskFailure = z.infer<typeof askFailureSchema>;

export const forgeReportSchema = z.union([observationSchema, askFailureSchema]);
export type ForgeReport = z.infer<typeof forgeReportSchema>;

export function observationOf(mergeRequestId: string, snapshot: PullRequestSnapshot): Observation {
  const { number, url, state, headSha, baseBranch, mergeSha, at } = snapshot;
  const isOpen = state === 'open';
  return {
    mergeRequestId,
    number,
    url,
    state,
    headSha,
    baseBranch,
    mergeSha,
    blockers: isOpen ? blockersOf(snapshot).slice(0, MAX_BLOCKERS) : [],
    feedback: isOpen ? feedbackOf(snapshot) : undefined,
    at,
  };
}
