import { graphql } from '@octokit/graphql';
import { request } from '@octokit/request';
import { onTestFinished } from 'vitest';
import type { PullRequestControls } from '../../local/forge/controls/pull-request-controls.ts';
import type { NewRepository, RepositoryControls } from '../../local/forge/controls/repository-controls.ts';
import { startForge, type ForgeOptions, type TestForge } from '../../local/forge/start-forge.ts';

export interface ManualClock {
  now(): number;
  advance(ms: number): void;
}

function manualClock(at = Date.UTC(2026, 0, 1)): ManualClock {
  let now = at;
  return {
    now: () => now,
    advance(ms) {
      now += ms;
    },
  };
}

/** A forge under a clock of the test's own, closed after it. */
export async function forgeForTest(
  options: ForgeOptions = {},
): Promise<{ forge: TestForge; clock: ManualClock }> {
  const clock = manualClock();
  const forge = await startForge({ now: clock.now, ...options });
  onTestFinished(() => forge.close());
  return { forge, clock };
}

export const TOWN = 'gastown[bot]';
export const ACCESS = { [TOWN]: 'write', rita: 'write', max: 'write', guest: 'read' } as const;

export interface Scene {
  readonly forge: TestForge;
  readonly clock: ManualClock;
  readonly repository: RepositoryControls;
  /** Of the town's app. */
  readonly token: string;
}

/** `acme/app` with some people in it. */
export async function scene(
  options: ForgeOptions = {},
  repository: Partial<NewRepository> = {},
): Promise<Scene> {
  const { forge, clock } = await forgeForTest(options);
  const files = { 'README.md': '# app\n', 'src/a.ts': 'export const a = 1;\n' };
  const made = await forge.createRepository({
    owner: 'acme',
    name: 'app',
    files,
    access: ACCESS,
    ...repository,
  });
  return { forge, clock, repository: made, token: forge.token(TOWN) };
}

/** The town's pull request from `work`, one commit ahead of `main`. */
export async function pullOfTown(
  { repository }: Scene,
  options: { isDraft?: boolean; files?: Record<string, string>; branch?: string } = {},
): Promise<PullRequestControls> {
  const { branch = 'work', files = { 'src/b.ts': 'export const b = 2;\n' }, isDraft = false } = options;
  await repository.commit(branch, { files, author: TOWN });
  return repository.openPull({ head: branch, author: TOWN, isDraft, title: 'Add b', body: 'It adds b.' });
}

interface RestResult {
  readonly status: number;
  readonly headers: Record<string, string | number | undefined>;
  // Of whatever route a test asks.
  readonly data: Record<string, unknown> & { readonly message?: string };
}

/** GitHub's own client for REST; refusals are answers here. Status 0: no answer came. */
export async function rest(
  { apiUrl }: Pick<TestForge, 'apiUrl'>,
  token: string | undefined,
  route: string,
  parameters: Record<string, unknown> = {},
): Promise<RestResult> {
  const headers = token === undefined ? {} : { authorization: `token ${token}` };
  const parse = async (response: Response): Promise<RestResult> => {
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    const data = (isJson ? JSON.parse(text) : { text }) as RestResult['data'];
    return { status: response.status, headers: Object.fromEntries(response.headers), data };
  };
  const {
    method,
    url,
    body,
    headers: sent,
  } = request.endpoint(route, { baseUrl: apiUrl, headers, ...parameters });
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: Object.entries(sent).map(([name, value]): [string, string] => [name, String(value)]),
      ...(typeof body === 'object' ? { body: JSON.stringify(body) } : {}),
    });
    return await parse(response);
  } catch {
    return { status: 0, headers: {}, data: {} };
  }
}

interface GraphqlError {
  readonly type?: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

interface GraphqlResult<T> {
  readonly data: T | undefined;
  readonly errors: readonly GraphqlError[];
}

/** GitHub's own client for GraphQL; errors are answers here. */
export async function query<T = Record<string, unknown>>(
  { apiUrl }: Pick<TestForge, 'apiUrl'>,
  token: string,
  text: string,
  variables: Record<string, unknown> = {},
): Promise<GraphqlResult<T>> {
  const call = graphql.defaults({ baseUrl: apiUrl, headers: { authorization: `token ${token}` } });
  try {
    return { data: await call<T>(text, variables), errors: [] };
  } catch (error) {
    const { errors, data } = error as { errors?: readonly GraphqlError[]; data?: T };
    if (errors === undefined) throw error;
    return { data: data ?? undefined, errors };
  }
}
