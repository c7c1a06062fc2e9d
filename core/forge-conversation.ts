import type { ForgeRepository } from './ports.ts';

export interface PullRequestName {
  readonly number: number;
}

/** What somebody said. The texts of a forge are written by whoever may: they are untrusted. */
export interface ForgeComment {
  readonly author: string;
  /** Whether the forge says that a program wrote it. */
  readonly isBot: boolean;
  /** ISO-8601. */
  readonly at: string;
  readonly body: string;
}

/** A conversation about a place of a pull request's diff. */
export interface ReviewThread {
  /** The forge's own. */
  readonly id: string;
  readonly isResolved: boolean;
  /** What it is about has been changed since. */
  readonly isOutdated: boolean;
  readonly path: string | undefined;
  readonly line: number | undefined;
  /** Oldest first. */
  readonly comments: readonly ForgeComment[];
}

/** What a program found out about the head of a pull request. */
export interface CheckReport {
  /** To ask its log by; undefined: the forge keeps none. */
  readonly id: string | undefined;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'pending' | 'unknown';
  /** The forge's own word: `TIMED_OUT`. */
  readonly word: string;
  /** What it says of itself in a line. */
  readonly summary: string | undefined;
  readonly url: string | undefined;
}

/** What is read in parts: `isWhole` false: there is more. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly isWhole: boolean;
}

/**
 * What an agent may read and say on its pull request: GitHub, or what has review threads and checks like it. Errors are `ForgeError`s;
 * `refused` for a thread or a check that is not of the pull request.
 */
export interface ForgeConversation {
  /** At most 500 threads with their last 50 comments. */
  threads(repository: ForgeRepository, pullRequest: PullRequestName): Promise<Listed<ReviewThread>>;
  /**
   * Answers in a thread.
   * @param reply.key the same one is said once, however often it is asked for
   */
  reply(
    repository: ForgeRepository,
    pullRequest: PullRequestName,
    reply: { readonly threadId: string; readonly body: string; readonly key: string },
  ): Promise<void>;
  /** Marks a thread as settled; one that is settled stays so. */
  resolve(
    repository: ForgeRepository,
    pullRequest: PullRequestName,
    thread: { readonly threadId: string },
  ): Promise<void>;
  /** Of the present head, at most 500. */
  checks(repository: ForgeRepository, pullRequest: PullRequestName): Promise<Listed<CheckReport>>;
  /** The end of what a check printed, at most 64 KiB. */
  log(
    repository: ForgeRepository,
    pullRequest: PullRequestName,
    check: { readonly id: string },
  ): Promise<{ readonly text: string; readonly isCut: boolean }>;
}
