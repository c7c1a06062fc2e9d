import * as z from 'zod';
import type { ForgeRepository, Telemetry } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { PullRequestSnapshot } from '../../../core/pull-request/snapshot.ts';
import type { GitHubClient, GraphQlAnswer, GraphQlError } from './client.ts';
import { notUnderstood, sayable } from './failure.ts';
import { pullRequestSchema } from './node.ts';
import { pullRequestsQuery, type PullRequestsQuery, type WantedPullRequest } from './query.ts';
import { fullName, repositoryOf } from './repository.ts';
import { snapshotOf } from './snapshot.ts';

type Observed = PullRequestSnapshot | ForgeError;

export interface ObserveDeps {
  readonly client: GitHubClient;
  readonly githubHost: string;
  readonly telemetry: Telemetry;
}

/** Pull requests that one query asks for. */
const MAX_A_QUERY = 50;

interface Wanted extends WantedPullRequest {
  /** Where its answer goes. */
  readonly index: number;
}

/** One query for each token and 50 pull requests; answers in the order of what was asked, none of them thrown. */
export async function observePullRequests(
  deps: ObserveDeps,
  pullRequests: readonly (ForgeRepository & { readonly number: number })[],
): Promise<Observed[]> {
  const answers: Observed[] = pullRequests.map(() => notUnderstood('it answered nothing'));
  const byToken = new Map<string, Wanted[]>();
  for (const [index, { gitUrl, token, number }] of pullRequests.entries()) {
    try {
      const wanted = { ...repositoryOf(gitUrl, deps.githubHost), number, index };
      byToken.set(token, [...(byToken.get(token) ?? []), wanted]);
    } catch (error) {
      answers[index] = asForgeError(error);
    }
  }
  const ofToken = async ([token, all]: [string, Wanted[]]): Promise<void> => {
    for (let from = 0; from < all.length; from += MAX_A_QUERY) {
      const batch = all.slice(from, from + MAX_A_QUERY);
      const observed = await observeBatch(deps, token, batch);
      for (const [at, { index }] of batch.entries()) {
        const answer = observed[at];
        if (answer !== undefined) answers[index] = answer;
      }
    }
  };
  await Promise.all([...byToken].map(ofToken));
  return answers;
}

/** A query that was too much for GitHub, or for us, is asked again once in halves, so that a few large pull requests do not hide all. */
async function observeBatch(
  deps: ObserveDeps,
  token: string,
  batch: readonly WantedPullRequest[],
  mayHalve = true,
): Promise<readonly Observed[]> {
  const asked = pullRequestsQuery(batch);
  try {
    const repository = [...new Set(batch.map(fullName))].slice(0, 3).join(', ');
    const answer = await deps.client.graphql({ token, repository, ...asked });
    return readAnswer(deps, token, batch, asked, answer);
  } catch (error) {
    const failure = asForgeError(error);
    if (!mayHalve || batch.length === 1 || !IS_PERHAPS_TOO_MUCH.has(failure.kind))
      return batch.map(() => failure);
    const middle = Math.ceil(batch.length / 2);
    return [
      ...(await observeBatch(deps, token, batch.slice(0, middle), false)),
      ...(await observeBatch(deps, token, batch.slice(middle), false)),
    ];
  }
}

const IS_PERHAPS_TOO_MUCH = new Set<ForgeError['kind']>([
  'http_error',
  'invalid_response',
  'graphql_partial',
]);

/** By alias of the repository, then of the pull request. */
const dataSchema = z.record(z.string(), z.record(z.string(), z.unknown()).nullable());

/** @throws ForgeError when there is an answer to none */
function readAnswer(
  { telemetry }: ObserveDeps,
  token: string,
  batch: readonly WantedPullRequest[],
  { places }: PullRequestsQuery,
  { data, errors, at }: GraphQlAnswer,
): readonly Observed[] {
  // An error without a place may be about any of them.
  const general = errors.find(({ path }) => typeof path?.[0] !== 'string');
  const parsed = dataSchema.safeParse(data);
  if (general !== undefined || !parsed.success) {
    if (errors.length === 0) throw notUnderstood('its answer has no data');
    throw partial(general ?? errors[0], 'pull requests', token);
  }
  return batch.map((wanted, index) => {
    const { repository = '', pullRequest = '' } = places[index] ?? {};
    const own = errors.filter(
      ({ path }) => path?.[0] === repository && (path.length === 1 || path[1] === pullRequest),
    );
    for (const { type, message, path } of own)
      telemetry.log('warn', 'GitHub answered in part', {
        repository: fullName(wanted),
        pullRequest: wanted.number,
        path: path?.slice(2).join('.'),
        type,
        error: sayable(message, token),
      });
    const node = parsed.data[repository]?.[pullRequest];
    if (node == null) return missing(wanted, own, token);
    const read = pullRequestSchema.safeParse(withoutFailed(node, own));
    if (read.success) return snapshotOf(read.data, at);
    const where = read.error.issues.map(({ path }) => path.join('.')).slice(0, 3);
    return own.length > 0
      ? partial(own[0], named(wanted), token)
      : notUnderstood(`of ${named(wanted)} it answered no usable ${where.join(', ')}`);
  });
}

/** Null is an answer; a field that is null for an error is none. */
function withoutFailed(node: unknown, errors: readonly GraphQlError[]): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const failed = new Set(errors.map(({ path }) => path?.[2]));
  return Object.fromEntries(
    Object.entries(node).filter(([key, value]) => value !== null || !failed.has(key)),
  );
}

const named = (wanted: WantedPullRequest): string => `${fullName(wanted)}#${wanted.number}`;

function missing(wanted: WantedPullRequest, errors: readonly GraphQlError[], token: string): ForgeError {
  const error = errors.find(({ path }) => (path?.length ?? 0) <= 2) ?? errors[0];
  if (error?.type === 'NOT_FOUND')
    return new ForgeError(
      'not_found',
      `GitHub shows the town's token no ${named(wanted)}: correct the rig's git URL, or give the token access to the repository.`,
    );
  if (error?.type === 'FORBIDDEN')
    return new ForgeError(
      'forbidden',
      `GitHub forbids the town's token to read ${named(wanted)} (${sayable(error.message, token)}). It needs to read pull requests, checks and commit statuses.`,
    );
  return partial(error, named(wanted), token);
}

const partial = (error: GraphQlError | undefined, what: string, token: string): ForgeError =>
  new ForgeError(
    'graphql_partial',
    `GitHub did not answer all that was asked of ${what}${error === undefined ? '' : ` (${sayable(error.message, token)})`}. It is asked again.`,
  );

function asForgeError(error: unknown): ForgeError {
  if (error instanceof ForgeError) return error;
  throw error;
}
