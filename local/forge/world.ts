import { createIds, type Ids } from './ids.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import type { ForgeEvent } from './state/event.ts';
import type { Comment, PullRequest, Review, Thread } from './state/pull-request.ts';
import { fullName, type Repository } from './state/repository.ts';

/** What a node id stands for. */
export type Node =
  | { readonly kind: 'repository'; readonly repository: Repository }
  | { readonly kind: 'pull'; readonly pull: PullRequest }
  | { readonly kind: 'thread'; readonly pull: PullRequest; readonly thread: Thread }
  | { readonly kind: 'review'; readonly pull: PullRequest; readonly review: Review }
  | { readonly kind: 'comment'; readonly pull: PullRequest; readonly comment: Comment };

/** Everything that the forge knows. Changed by one request at a time. */
export interface World {
  /** Where the repositories are. */
  readonly directory: string;
  /** The forge's clock, in milliseconds since 1970. */
  readonly now: () => number;
  readonly ids: Ids;
  readonly schedule: Schedule;
  /** By full name in lower case. */
  readonly repositories: Map<string, Repository>;
  /** Names that repositories had before, in lower case. */
  readonly formerNames: Map<string, Repository>;
  /** By node id. */
  readonly nodes: Map<string, Node>;
  readonly settings: {
    /** After a push, or a push to the base, mergeability is unknown for so long. */
    mergeabilityUnknownMs: number;
    /** An entry of a merge queue is merged after so long. */
    mergeQueueMs: number;
  };
  /** Where the API and the pages of the forge are; known once it listens. */
  readonly urls: { api: string; web: string };
  accountId(login: string): number;
  emit(event: ForgeEvent): void;
  listen(listener: (event: ForgeEvent) => void): void;
}

export interface WorldOptions {
  readonly directory: string;
  readonly now: () => number;
  readonly mergeabilityUnknownMs: number;
  readonly mergeQueueMs: number;
}

export function createWorld(options: WorldOptions): World {
  const ids = createIds();
  const accounts = new Map<string, number>();
  const listeners: ((event: ForgeEvent) => void)[] = [];
  return {
    directory: options.directory,
    now: options.now,
    ids,
    schedule: createSchedule(options.now),
    repositories: new Map(),
    formerNames: new Map(),
    nodes: new Map(),
    settings: {
      mergeabilityUnknownMs: options.mergeabilityUnknownMs,
      mergeQueueMs: options.mergeQueueMs,
    },
    urls: { api: '', web: '' },
    accountId(login) {
      const id = accounts.get(login) ?? ids.next('account');
      accounts.set(login, id);
      return id;
    },
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    listen: (listener) => void listeners.push(listener),
  };
}

/** A repository by a name of today, in any case. */
export const findRepository = (world: World, owner: string, name: string): Repository | undefined =>
  world.repositories.get(fullName({ owner, name }).toLowerCase());

/** A repository by a name that it once had. */
export const findRenamed = (world: World, owner: string, name: string): Repository | undefined =>
  world.formerNames.get(fullName({ owner, name }).toLowerCase());

/** Programs end in `[bot]`, as GitHub's do. */
export const isBot = (login: string): boolean => login.endsWith('[bot]');
