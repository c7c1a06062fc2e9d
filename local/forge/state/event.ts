import type { CheckRun, CommitStatus } from './check.ts';
import type { PullRequest, Review, Thread } from './pull-request.ts';
import type { Repository } from './repository.ts';

interface Of {
  readonly repository: Repository;
  /** The login of whoever did it. */
  readonly sender: string;
}

/** What happened, under GitHub's names for it. */
export type ForgeEvent = Of &
  (
    | {
        readonly name: 'pull_request';
        readonly action:
          | 'opened'
          | 'synchronize'
          | 'closed'
          | 'reopened'
          | 'edited'
          | 'ready_for_review'
          | 'converted_to_draft'
          | 'enqueued'
          | 'dequeued';
        readonly pull: PullRequest;
        /** Heads, of a synchronize. */
        readonly before?: string;
        readonly after?: string;
        readonly changes?: Readonly<Record<string, unknown>>;
      }
    | {
        readonly name: 'pull_request_review';
        readonly action: 'submitted' | 'dismissed';
        readonly pull: PullRequest;
        readonly review: Review;
      }
    | {
        readonly name: 'pull_request_review_thread';
        readonly action: 'resolved' | 'unresolved';
        readonly pull: PullRequest;
        readonly thread: Thread;
      }
    | { readonly name: 'check_run'; readonly action: 'created' | 'completed'; readonly check: CheckRun }
    | { readonly name: 'check_suite'; readonly action: 'completed'; readonly check: CheckRun }
    | { readonly name: 'status'; readonly status: CommitStatus }
    | {
        readonly name: 'push';
        readonly branch: string;
        readonly before: string;
        readonly after: string;
        readonly isForced: boolean;
      }
    | { readonly name: 'installation'; readonly action: 'created' | 'deleted' | 'suspend' | 'unsuspend' }
  );
