import type { Instant } from '../town/instant.ts';

/**
 * What a forge answered about one pull request, in words of no forge in particular. What it did not answer, or in a word that the adapter
 * does not know, is `unknown` or absent, and never good news.
 */
export interface PullRequestSnapshot {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly isDraft: boolean;
  readonly headSha: string;
  readonly headBranch: string;
  readonly baseBranch: string;
  /** The commit on the base branch; only when it is merged. */
  readonly mergeSha?: string | undefined;
  /** Whether it merges cleanly; forges compute that after every push, and say `unknown` meanwhile. */
  readonly mergeable: 'yes' | 'conflict' | 'unknown';
  /** The forge's own opinion on merging it now: `blocked` is some rule of the repository, and does not say which. */
  readonly mergeState: 'clean' | 'unstable' | 'behind' | 'blocked' | 'unknown';
  readonly reviewDecision: 'none' | 'approved' | 'reviewRequired' | 'changesRequested' | 'unknown';
  /** The forge has it in a queue of its own, and merges it when its turn has come. */
  readonly isInMergeQueue?: boolean | undefined;
  /** Reviews that ask for changes and are the last word of their author. */
  readonly changeRequests: readonly {
    readonly author: string;
    readonly body: string;
    /** It was about the head as it is now. */
    readonly isOnHead: boolean;
  }[];
  /** Absent: not answered. */
  readonly checks?: { readonly items: readonly Check[]; readonly isComplete: boolean } | undefined;
  /** Unresolved ones only. Absent: not answered. */
  readonly threads?: { readonly unresolved: readonly Thread[]; readonly isComplete: boolean } | undefined;
  /** Why the forge refused to merge this very head, in its words. */
  readonly refusal?: string | undefined;
  /** The forge's own clock when it answered: answers are put in order by it, and by no other clock. Milliseconds since 1970. */
  readonly at: Instant;
}

export interface Check {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'pending' | 'unknown';
}

export interface Thread {
  /** File and line, when it is about one. */
  readonly place?: string | undefined;
  readonly author: string;
  readonly text: string;
}
