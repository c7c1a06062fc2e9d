import { stripVTControlCharacters } from 'node:util';
import * as z from 'zod';
import type { CheckReport, ForgeConversation, PullRequestName } from '../../../core/forge-conversation.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { checkState, statusState } from './checks.ts';
import { notUnderstood, sayable } from './failure.ts';
import { fullName } from './repository.ts';
import { askWhole, type ConversationDeps } from './threads.ts';

const MAX_PAGES = 5;
const MAX_SUMMARY_CHARS = 300;
export const MAX_LOG_BYTES = 64 * 1024;
/** Of GitHub Actions: its check runs are jobs, by the same number, and have a log. */
const ACTIONS = 'github-actions';

export const CHECKS_QUERY = `query Checks($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      statusCheckRollup {
        contexts(first: 100, after: $after) {
          nodes {
            __typename
            ... on CheckRun { databaseId name status conclusion title detailsUrl }
            ... on StatusContext { context state description targetUrl }
          }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
}`;

const checkSchema = z.discriminatedUnion('__typename', [
  z.object({
    __typename: z.literal('CheckRun'),
    databaseId: z.number().int().nullish(),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullish(),
    title: z.string().nullish(),
    detailsUrl: z.string().nullish(),
  }),
  z.object({
    __typename: z.literal('StatusContext'),
    context: z.string(),
    state: z.string(),
    description: z.string().nullish(),
    targetUrl: z.string().nullish(),
  }),
]);

const pageSchema = z.object({
  repository: z.object({
    pullRequest: z.object({
      /** Null: nobody reports anything. */
      statusCheckRollup: z
        .object({
          contexts: z.object({
            nodes: z.array(checkSchema),
            pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
          }),
        })
        .nullable(),
    }),
  }),
});

export async function readChecks(
  deps: ConversationDeps,
  { number }: PullRequestName,
): Promise<Awaited<ReturnType<ForgeConversation['checks']>>> {
  const { owner, name } = deps.repository;
  const items: CheckReport[] = [];
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer: z.infer<typeof pageSchema> = await askWhole(deps, pageSchema, CHECKS_QUERY, {
      owner,
      name,
      number,
      after,
    });
    const { statusCheckRollup } = answer.repository.pullRequest;
    if (statusCheckRollup === null) return { items, isWhole: true };
    const { nodes, pageInfo } = statusCheckRollup.contexts;
    items.push(...nodes.map((node) => reportOf(node, deps.token)));
    after = pageInfo.endCursor ?? null;
    if (!pageInfo.hasNextPage || after === null) return { items, isWhole: !pageInfo.hasNextPage };
  }
  return { items, isWhole: false };
}

function reportOf(node: z.infer<typeof checkSchema>, token: string): CheckReport {
  const said = (text: string | null | undefined): string | undefined =>
    text == null || text === '' ? undefined : sayable(text, token).slice(0, MAX_SUMMARY_CHARS);
  if (node.__typename === 'StatusContext') {
    const { context, state, description, targetUrl } = node;
    const url = targetUrl ?? undefined;
    return {
      id: undefined,
      name: context,
      state: statusState(state),
      word: state,
      summary: said(description),
      url,
    };
  }
  const { databaseId, name, status, conclusion = null, title, detailsUrl } = node;
  return {
    id: databaseId == null ? undefined : `${databaseId}`,
    name,
    state: checkState({ status, conclusion }),
    word: conclusion ?? status,
    summary: said(title),
    url: detailsUrl ?? undefined,
  };
}

const runSchema = z.object({
  app: z.object({ slug: z.string() }).nullish(),
  output: z
    .object({ title: z.string().nullish(), summary: z.string().nullish(), text: z.string().nullish() })
    .nullish(),
});

/**
 * The log of a job of GitHub Actions; of another program what it wrote for people.
 * @throws ForgeError `refused` for a check that the head of the pull request does not have
 */
export async function readLog(
  deps: ConversationDeps,
  pullRequest: PullRequestName,
  { id }: Parameters<ForgeConversation['log']>[2],
): Promise<Awaited<ReturnType<ForgeConversation['log']>>> {
  const { items } = await readChecks(deps, pullRequest);
  const check = items.find((item) => item.id === id);
  if (check === undefined)
    throw new ForgeError(
      'refused',
      `The head of pull request ${pullRequest.number} has no check ${id.slice(0, 40)} with a log: list its checks, and take an id from there.`,
    );
  const { client, repository, token } = deps;
  const { owner, name } = repository;
  const at = { token, repository: fullName(repository) };
  const { data } = await client.rest({
    ...at,
    route: 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}',
    parameters: { owner, repo: name, check_run_id: Number(id) },
  });
  const run = runSchema.safeParse(data);
  if (!run.success) throw notUnderstood(`it was asked about a check of ${fullName(repository)}`);
  const { app, output } = run.data;
  if (app?.slug === ACTIONS) {
    const log = await client.rest({
      ...at,
      route: 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
      parameters: { owner, repo: name, job_id: Number(id) },
    });
    if (typeof log.data === 'string' && log.data !== '') return endOf(log.data, token);
  }
  const written = [output?.title, output?.summary, output?.text].filter(
    (text) => text != null && text !== '',
  );
  if (written.length > 0) return endOf(written.join('\n\n'), token);
  const where = check.url === undefined ? '' : ` Its page is ${check.url}.`;
  return { text: `The check "${check.name}" keeps no log that can be read here.${where}`, isCut: false };
}

/** From a whole line on; without colours, and without what must not be seen. */
function endOf(log: string, token: string): { text: string; isCut: boolean } {
  const text = stripVTControlCharacters(log).replaceAll(token, '…');
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= MAX_LOG_BYTES) return { text, isCut: false };
  const end = bytes.subarray(bytes.length - MAX_LOG_BYTES).toString('utf8');
  return { text: end.slice(end.indexOf('\n') + 1), isCut: true };
}
