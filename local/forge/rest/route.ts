import type { Access, Actor, AppOptions } from '../access.ts';
import type { ForgeCodes } from '../forge-codes.ts';
import type { RateLimits } from '../rate-limit.ts';
import type { Repository } from '../state/repository.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { World } from '../world.ts';

export interface RestAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RestRequest {
  readonly world: World;
  readonly access: Access;
  readonly app: AppOptions;
  readonly codes: ForgeCodes;
  readonly rateLimits: RateLimits;
  readonly webhooks: Webhooks;
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** A request for something in a repository that the caller may read. */
export interface RepositoryRequest extends RestRequest {
  readonly repository: Repository;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A template as GitHub's pages write it: `{owner}` is one part of a path, `{+ref}` is all the rest. */
export interface Route {
  readonly method: Method;
  readonly template: string;
  readonly handle: (request: RestRequest) => Promise<RestAnswer> | RestAnswer;
}

export interface RepositoryRoute {
  readonly method: Method;
  /** Below `/repos/{owner}/{repo}`. */
  readonly template: string;
  readonly handle: (request: RepositoryRequest) => Promise<RestAnswer> | RestAnswer;
}
