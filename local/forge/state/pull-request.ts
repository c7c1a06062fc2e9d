import type { Repository } from './repository.ts';

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';

export interface Review {
  readonly id: number;
  readonly nodeId: string;
  readonly author: string;
  state: ReviewState;
  body: string;
  /** The head that was looked at. */
  readonly sha: string;
  readonly submittedAt: number;
}

export interface Comment {
  readonly id: number;
  readonly nodeId: string;
  readonly author: string;
  readonly body: string;
  readonly createdAt: number;
}

export interface Thread {
  readonly nodeId: string;
  readonly path: string;
  readonly line: number;
  resolvedBy: string | undefined;
  /** The file changed since. */
  isOutdated: boolean;
  readonly comments: Comment[];
}

/** What git says about merging one head into one base. */
export interface Mergeability {
  readonly base: string;
  readonly head: string;
  readonly isClean: boolean;
  readonly isBehind: boolean;
}

export interface QueueEntry {
  readonly nodeId: string;
  readonly enqueuedBy: string;
  readonly enqueuedAt: number;
}

export interface PullRequest {
  readonly id: number;
  readonly nodeId: string;
  readonly number: number;
  readonly repository: Repository;
  readonly author: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  isDraft: boolean;
  /** Branches of the repository itself: there are no forks here. */
  base: string;
  readonly head: string;
  headSha: string;
  merged: { readonly sha: string; readonly by: string; readonly at: number } | undefined;
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | undefined;
  readonly reviews: Review[];
  readonly threads: Thread[];
  readonly comments: Comment[];
  /** Until then its mergeability is unknown: it is computed anew after every push. */
  unknownUntil: number;
  computed: Mergeability | undefined;
  queueEntry: QueueEntry | undefined;
}

/** Not merged, not closed. */
export const isOpen = (pull: PullRequest): boolean => pull.state === 'open';
