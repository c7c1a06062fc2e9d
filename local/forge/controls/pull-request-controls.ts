import { resolveCommit } from '../git/repository.ts';
import { reportCheckRun, reportStatus, type CheckReport } from '../pull-requests/checks.ts';
import { closePull, editPull, reopenPull, setDraft } from '../pull-requests/lifecycle.ts';
import { allowedMethods, mergePull } from '../pull-requests/merge.ts';
import { dequeue } from '../pull-requests/moved-refs.ts';
import {
  dismissReview,
  newComment,
  openThread,
  settleThread,
  submitReview,
  type NewThread,
} from '../pull-requests/reviews.ts';
import type { CommitState } from '../state/check.ts';
import type { MergeMethod } from '../state/protection.ts';
import type { Comment, PullRequest, Review, Thread } from '../state/pull-request.ts';
import type { Files } from '../git/write-commit.ts';
import type { RepositoryControls } from './repository-controls.ts';
import type { Turn } from './turn.ts';
import type { World } from '../world.ts';

/** What people and programs do with a pull request, without the API. Every login may be used; only writers' reviews count. */
export interface PullRequestControls {
  readonly number: number;
  /** As it is now; to read, not to change. */
  readonly state: Readonly<PullRequest>;
  approve(by: string, body?: string): Promise<Review>;
  requestChanges(by: string, review: { body?: string; threads?: readonly NewThread[] }): Promise<Review>;
  /** A review that has no opinion. */
  reviewWithoutOpinion(
    by: string,
    review: { body?: string; threads?: readonly NewThread[] },
  ): Promise<Review>;
  openThread(by: string, thread: NewThread): Promise<Thread>;
  resolveThread(by: string, thread: Thread): Promise<void>;
  unresolveThread(by: string, thread: Thread): Promise<void>;
  comment(by: string, body: string): Promise<Comment>;
  /** Dismisses the opinions of an author, or all. */
  dismissReviews(by: string, author?: string): Promise<void>;
  /** Of the head as it is now. */
  setCheck(name: string, report: CheckReport): Promise<void>;
  setStatus(context: string, state: CommitState): Promise<void>;
  close(by: string): Promise<void>;
  reopen(by: string): Promise<void>;
  retarget(by: string, base: string): Promise<void>;
  markDraft(by: string): Promise<void>;
  markReady(by: string): Promise<void>;
  /** A person merges it. @throws Refusal as the API would */
  merge(by: string, method?: MergeMethod): Promise<string>;
  /** Takes it out of the merge queue. */
  dequeue(by: string): Promise<void>;
  /** Another commit on its branch. */
  push(by: string, files: Files): Promise<string>;
  /** Its branch begins anew from the base, with these files. */
  forcePush(by: string, files: Files): Promise<string>;
}

export function pullRequestControls(
  world: World,
  pull: PullRequest,
  turn: Turn,
  commit: RepositoryControls['commit'],
): PullRequestControls {
  const { repository } = pull;
  const review = (
    author: string,
    state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED',
    { body = '', threads = [] }: { body?: string; threads?: readonly NewThread[] },
  ): Promise<Review> => turn(() => submitReview(world, pull, { author, state, body, threads }));
  const settle = (sender: string, thread: Thread, isResolved: boolean): Promise<void> =>
    turn(() => settleThread(world, pull, thread, { isResolved, sender }));

  return {
    number: pull.number,
    state: pull,
    approve: (by, body = '') => review(by, 'APPROVED', { body }),
    requestChanges: (by, given) => review(by, 'CHANGES_REQUESTED', given),
    reviewWithoutOpinion: (by, given) => review(by, 'COMMENTED', given),
    openThread: (by, thread) => turn(() => openThread(world, pull, by, thread)),
    resolveThread: (by, thread) => settle(by, thread, true),
    unresolveThread: (by, thread) => settle(by, thread, false),
    comment: (by, body) =>
      turn(() => {
        const comment = newComment(world, pull, by, body);
        pull.comments.push(comment);
        return comment;
      }),
    dismissReviews: (by, author) =>
      turn(() => {
        for (const given of pull.reviews) {
          const isOpinion = given.state === 'APPROVED' || given.state === 'CHANGES_REQUESTED';
          if (isOpinion && (author ?? given.author) === given.author) dismissReview(world, pull, given, by);
        }
      }),
    setCheck: (name, report) =>
      turn(() => void reportCheckRun(world, repository, pull.headSha, { name, ...report })),
    setStatus: (context, state) =>
      turn(() => void reportStatus(world, repository, pull.headSha, { context, state, creator: 'ci[bot]' })),
    close: (by) => turn(() => closePull(world, pull, by)),
    reopen: (by) => turn(() => reopenPull(world, pull, by)),
    retarget: (by, base) => turn(() => editPull(world, pull, { base }, by)),
    markDraft: (by) => turn(() => setDraft(world, pull, true, by)),
    markReady: (by) => turn(() => setDraft(world, pull, false, by)),
    merge: (by, method = allowedMethods(pull)[0] ?? 'merge') =>
      turn(() => mergePull(world, pull, { method, by })),
    dequeue: (by) => turn(() => dequeue(world, pull, by)),
    push: (by, files) => commit(pull.head, { files, author: by }),
    async forcePush(by, files) {
      const from = await resolveCommit(repository.directory, `refs/heads/${pull.base}`);
      return commit(pull.head, { files, author: by, ...(from === undefined ? {} : { from }) });
    },
  };
}
