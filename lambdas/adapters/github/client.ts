import { graphql, GraphqlResponseError } from '@octokit/graphql';
import { request } from '@octokit/request';
import * as z from 'zod';
import type { Now, Telemetry } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { seconds, type Instant } from '../../../core/town/instant.ts';
import { boundedFetch } from './bounded-fetch.ts';
import {
  answerFailure,
  callFailure,
  isLimitText,
  limitFailure,
  notUnderstood,
  type Asked,
  type Credential,
  type FailedAnswer,
  type Headers,
} from './failure.ts';
import { graphqlUrlOf } from './graphql-url.ts';

/** GitHub itself ends a query after 10 s. */
const TIMEOUT_MS = seconds(10);
/** 50 pull requests have some hundred KiB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export interface GitHubClientOptions {
  /** `https://api.github.com`, `https://<host>/api/v3` */
  readonly apiUrl: string;
  /** @default the one that belongs to `apiUrl` */
  readonly graphqlUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly telemetry: Telemetry;
  readonly now: Now;
}

export interface Answer {
  readonly status: number;
  readonly data: unknown;
  /** GitHub's clock, in whole seconds. */
  readonly at: Instant;
}

export interface RestAnswer extends Answer {
  /** What the page that follows is asked for with, beside the route; undefined: this is the last. */
  readonly next: Readonly<Record<string, string>> | undefined;
}

export interface GraphQlAnswer extends Pick<Answer, 'data' | 'at'> {
  readonly errors: readonly GraphQlError[];
}

/** Calls of GitHub's two APIs. All methods throw `ForgeError`, and nothing else. */
export interface GitHubClient {
  /** @param call.expected statuses that are answers too, beside 2xx */
  rest(call: {
    readonly token: string;
    /** @default the town's token */
    readonly credential?: Credential | undefined;
    /** What it is about, for people. */
    readonly repository: string;
    /** `GET /repos/{owner}/{repo}` */
    readonly route: string;
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly expected?: readonly number[];
  }): Promise<RestAnswer>;
  graphql(call: {
    readonly token: string;
    readonly repository: string;
    readonly query: string;
    readonly variables: Readonly<Record<string, unknown>>;
  }): Promise<GraphQlAnswer>;
}

const graphQlErrorSchema = z.object({
  type: z.string().optional().catch(undefined),
  message: z.string().catch(''),
  path: z
    .array(z.union([z.string(), z.number()]))
    .optional()
    .catch(undefined),
});
export type GraphQlError = z.infer<typeof graphQlErrorSchema>;

/** An error of Octokit that carries an answer; without one, there was none. */
const answeredSchema = z.looseObject({
  name: z.literal('HttpError'),
  response: z.looseObject({
    status: z.number(),
    headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()),
    data: z.unknown(),
  }),
});

export function createGitHubClient(options: GitHubClientOptions): GitHubClient {
  const { telemetry, now } = options;
  const fetch = boundedFetch(options.fetch ?? globalThis.fetch, {
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
  });
  const graphqlUrl = options.graphqlUrl ?? graphqlUrlOf(options.apiUrl);
  const warn = (message: string): void => telemetry.log('warn', 'GitHub', { detail: message });
  const defaultsFor = (token: string) => ({
    headers: {
      authorization: `Bearer ${checked(token)}`,
      'user-agent': 'gastown-on-aws',
      'x-github-api-version': '2022-11-28',
    },
    // Octokit says on the console what GitHub wants to take away.
    request: { fetch, log: { ...console, warn } },
  });
  const failed = (error: ForgeError): ForgeError => {
    telemetry.count(`github.${error.kind}`, 1);
    return error;
  };

  return {
    async rest({ token, credential, repository, route, parameters, expected = [] }) {
      const asked: Asked = { token, credential, repository, now: now() };
      telemetry.count('github.rest_calls', 1);
      try {
        const ask = request.defaults({ baseUrl: options.apiUrl.replace(/\/+$/, ''), ...defaultsFor(token) });
        const answer = await orFailed(ask(route, parameters));
        const { status, headers, data } = answer;
        if ((status < 200 || status > 299) && !expected.includes(status)) throw answerFailure(answer, asked);
        return { status, data, at: clockOf(headers), next: nextPage(headers) };
      } catch (error) {
        throw failed(error instanceof ForgeError ? error : callFailure(error));
      }
    },

    async graphql({ token, repository, query, variables }) {
      const asked: Asked = { token, repository, now: now() };
      telemetry.count('github.graphql_calls', 1);
      let headers: Headers = {};
      try {
        const { request: how, ...defaults } = defaultsFor(token);
        // The client gives the data alone; the clock is in the headers.
        const hook = async (send: typeof request, parameters: Parameters<typeof request>[0]) => {
          const answer = await send(parameters);
          // A redirect that leads nowhere is none of Octokit's errors.
          if (answer.status > 299) throw answerFailure(answer, asked);
          headers = answer.headers;
          return answer;
        };
        const ask = graphql.defaults({ url: graphqlUrl, ...defaults, request: { ...how, hook } });
        const { data, errors } = await inPart(ask<unknown>(query, { ...variables }));
        if (errors.some(({ type, message }) => type === 'RATE_LIMITED' || isLimitText(message)))
          throw limitFailure(headers, asked);
        return { data, errors, at: clockOf(headers) };
      } catch (error) {
        if (error instanceof ForgeError) throw failed(error);
        const answer = answerIn(error);
        throw failed(answer === undefined ? callFailure(error) : answerFailure(answer, asked));
      }
    },
  };
}

/** What no header can carry is not sent; an error would quote it. */
function checked(token: string): string {
  if (token === '')
    throw new ForgeError('no_token', 'The town has no token for GitHub: set gitAuth.githubToken.');
  if (!/^[\x21-\x7E]+$/.test(token))
    throw new ForgeError(
      'unauthorized',
      "The town's token for GitHub has white space or characters that no token has: set gitAuth.githubToken anew.",
    );
  return token;
}

/** @throws ForgeError: answers are put in order by GitHub's clock, and no other one will do. */
function clockOf(headers: Headers): Instant {
  const at = Date.parse(`${headers['date'] ?? ''}`);
  if (Number.isNaN(at)) throw notUnderstood('its answer has no Date header');
  return at;
}

/** `<https://…?page=2>; rel="next", <…>; rel="last"` */
function nextPage(headers: Headers): RestAnswer['next'] {
  const [, url = ''] = /<([^<>]+)>; *rel="next"/.exec(`${headers['link'] ?? ''}`) ?? [];
  return URL.canParse(url) ? Object.fromEntries(new URL(url).searchParams) : undefined;
}

const answerIn = (error: unknown): FailedAnswer | undefined => answeredSchema.safeParse(error).data?.response;

/** Octokit throws what is not 2xx. */
async function orFailed(answer: Promise<FailedAnswer>): Promise<FailedAnswer> {
  try {
    return await answer;
  } catch (error) {
    const failed = answerIn(error);
    if (failed === undefined) throw error;
    return failed;
  }
}

/** The client throws an answer with errors, which may have data all the same. */
async function inPart(answer: Promise<unknown>): Promise<Pick<GraphQlAnswer, 'data' | 'errors'>> {
  try {
    return { data: await answer, errors: [] };
  } catch (error) {
    if (!(error instanceof GraphqlResponseError)) throw error;
    return {
      data: error.data as unknown,
      errors: z.array(graphQlErrorSchema.catch({ message: '' })).parse(error.errors),
    };
  }
}
