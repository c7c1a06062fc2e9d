import { expect, test } from 'vitest';
import { pullOfTown, query, rest, scene } from './forge.ts';

/** As much as a client could want to know at once. */
const EVERYTHING = `
query ($owner: String!, $name: String!, $number: Int!) {
  rateLimit { cost limit remaining used resetAt nodeCount }
  viewer { login }
  repository(owner: $owner, name: $name) {
    id nameWithOwner url isPrivate isArchived viewerPermission
    mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed autoMergeAllowed deleteBranchOnMerge
    defaultBranchRef { name target { oid } branchProtectionRule { requiredStatusCheckContexts requiresStrictStatusChecks requiredApprovingReviewCount } }
    mergeQueue(branch: "main") { id }
    pullRequests(first: 5, states: [OPEN], headRefName: "work") { totalCount nodes { number } }
    pullRequest(number: $number) {
      id databaseId number title body url state isDraft closed closedAt createdAt updatedAt merged mergedAt
      mergedBy { login } mergeCommit { oid } author { login __typename }
      headRefName headRefOid headRef { name } baseRefName baseRefOid isCrossRepository
      headRepository { nameWithOwner } headRepositoryOwner { login }
      mergeable mergeStateStatus reviewDecision
      labels(first: 5) { nodes { name } }
      comments(last: 5) { nodes { body author { login } } }
      reviewRequests(first: 5) { totalCount }
      latestReviews(first: 5) { nodes { state } }
      isInMergeQueue isMergeQueueEnabled mergeQueueEntry { position } autoMergeRequest { enabledAt }
      statusCheckRollup { state }
      commits(last: 1) {
        totalCount
        nodes { commit { oid messageHeadline statusCheckRollup {
          state
          contexts(first: 50) {
            totalCount checkRunCount pageInfo { hasNextPage endCursor }
            nodes {
              __typename
              ... on CheckRun { name status conclusion detailsUrl isRequired(pullRequestNumber: $number) checkSuite { app { slug } } }
              ... on StatusContext { context state targetUrl isRequired(pullRequestNumber: $number) }
            }
          }
        } } }
      }
    }
  }
}`;

test('a query for everything is answered, and has nothing that the published schema refuses', async () => {
  const scenery = await scene();
  const { forge, repository, token } = scenery;
  await repository.protect('main', { requiredApprovals: 1, requiredChecks: ['ci'] });
  const pull = await pullOfTown(scenery);
  await pull.setCheck('ci', { status: 'in_progress' });
  await pull.setStatus('legacy', 'success');
  await pull.comment('rita', 'Hello.');
  const { data, errors } = await query(forge, token, EVERYTHING, { owner: 'Acme', name: 'APP', number: 1 });
  expect(errors).toEqual([]);
  expect(data).toMatchObject({
    viewer: { login: 'gastown' },
    rateLimit: { limit: 5000, remaining: 4999, resetAt: '2026-01-01T01:00:00Z' },
    repository: {
      nameWithOwner: 'acme/app',
      viewerPermission: 'WRITE',
      defaultBranchRef: { branchProtectionRule: { requiredStatusCheckContexts: ['ci'] } },
      mergeQueue: null,
      pullRequests: { totalCount: 1, nodes: [{ number: 1 }] },
      pullRequest: {
        state: 'OPEN',
        isDraft: false,
        url: `${forge.webUrl}/acme/app/pull/1`,
        author: { login: 'gastown', __typename: 'Bot' },
        headRefOid: repository.head('work'),
        mergeable: 'MERGEABLE',
        mergeStateStatus: 'BLOCKED',
        reviewDecision: 'REVIEW_REQUIRED',
        comments: { nodes: [{ body: 'Hello.', author: { login: 'rita' } }] },
        statusCheckRollup: { state: 'PENDING' },
        commits: {
          totalCount: 1,
          nodes: [
            {
              commit: {
                oid: repository.head('work'),
                statusCheckRollup: {
                  contexts: {
                    totalCount: 2,
                    nodes: [
                      {
                        __typename: 'CheckRun',
                        name: 'ci',
                        status: 'IN_PROGRESS',
                        conclusion: null,
                        isRequired: true,
                      },
                      { __typename: 'StatusContext', context: 'legacy', state: 'SUCCESS', isRequired: false },
                    ],
                  },
                },
              },
            },
          ],
        },
      },
    },
  });
  await pull.merge('rita').catch(() => {});
  await repository.unprotect('main');
  await pull.merge('rita');
  const merged = await query(forge, token, EVERYTHING, { owner: 'acme', name: 'app', number: 1 });
  expect(merged).toMatchObject({
    errors: [],
    data: {
      repository: {
        pullRequest: {
          state: 'MERGED',
          merged: true,
          mergedBy: { login: 'rita' },
          mergeCommit: { oid: repository.head('main') },
          mergeable: 'UNKNOWN',
          commits: { nodes: [{ commit: { oid: pull.state.headSha } }] },
        },
      },
    },
  });
});

test('many pull requests are asked for in one call, and one that is not there spoils no other', async () => {
  const scenery = await scene();
  const { forge, token } = scenery;
  await pullOfTown(scenery);
  const { data, errors } = await query(
    forge,
    token,
    `{ a: repository(owner: "acme", name: "app") { pullRequest(number: 1) { number } }
       b: repository(owner: "acme", name: "gone") { pullRequest(number: 1) { number } } }`,
  );
  expect(data).toEqual({ a: { pullRequest: { number: 1 } }, b: null });
  expect(errors).toMatchObject([
    {
      type: 'NOT_FOUND',
      path: ['b'],
      message: "Could not resolve to a Repository with the name 'acme/gone'.",
    },
  ]);
  expect(forge.calls.all()).toEqual({ 'query repository': 1 });
});

test('things are found by their ids, each for itself', async () => {
  const scenery = await scene();
  const pull = await pullOfTown(scenery);
  const { data, errors } = await query(
    scenery.forge,
    scenery.token,
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on PullRequest { number } } }',
    { ids: [pull.state.nodeId, 'PR_999'] },
  );
  expect(data).toEqual({ nodes: [{ id: pull.state.nodeId, number: 1 }, null] });
  expect(errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 1] }]);
});

test('lists have pages', async () => {
  const scenery = await scene();
  const { forge, token } = scenery;
  const pull = await pullOfTown(scenery);
  for (let n = 1; n <= 5; n += 1) await pull.openThread('rita', { path: 'src/b.ts', body: `${n}` });
  interface Page {
    repository: {
      pullRequest: {
        reviewThreads: {
          nodes: { comments: { nodes: { body: string }[] } }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      };
    };
  }
  const text = `query ($after: String) { repository(owner: "acme", name: "app") { pullRequest(number: 1) {
    reviewThreads(first: 2, after: $after) { nodes { comments(first: 1) { nodes { body } } } pageInfo { hasNextPage endCursor } } } } }`;
  const page = async (after: string | null) => {
    const { data } = await query<Page>(forge, token, text, { after });
    const { nodes = [], pageInfo } = data?.repository.pullRequest.reviewThreads ?? {};
    return { bodies: nodes.map(({ comments }) => comments.nodes[0]?.body), pageInfo };
  };
  const seen: (string | undefined)[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 3; pages += 1) {
    const { bodies, pageInfo }: Awaited<ReturnType<typeof page>> = await page(after);
    seen.push(...bodies);
    expect(pageInfo?.hasNextPage).toBe(pages < 2);
    after = pageInfo?.endCursor ?? null;
  }
  expect(seen).toEqual(['1', '2', '3', '4', '5']);
});

test.each([
  [
    'a field that is not',
    '{ repository(owner: "acme", name: "app") { colour } }',
    /Cannot query field "colour"/,
  ],
  ['no query', 'repository', /Syntax Error/],
  [
    'a list without a size',
    '{ repository(owner: "acme", name: "app") { pullRequest(number: 1) { reviewThreads { totalCount } } } }',
    /`first` or `last`/,
  ],
  [
    'a list that is too long',
    '{ repository(owner: "acme", name: "app") { pullRequest(number: 1) { reviewThreads(first: 101) { totalCount } } } }',
    /exceeds/,
  ],
  [
    'what the forge does not know: an error, and no null',
    '{ repository(owner: "acme", name: "app") { pullRequest(number: 1) { milestone { title } } } }',
    /does not answer PullRequest.milestone/,
  ],
])('%s is refused', async (_, text, message) => {
  const scenery = await scene();
  await pullOfTown(scenery);
  const { errors } = await query(scenery.forge, scenery.token, text);
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toMatch(message);
});

test('drafts are made and unmade, and comments added, by those who may write', async () => {
  const scenery = await scene();
  const { forge, token } = scenery;
  const pull = await pullOfTown(scenery, { isDraft: true });
  const id = { id: pull.state.nodeId };
  const mark = `mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id, clientMutationId: "x" }) { clientMutationId pullRequest { isDraft } } }`;
  expect((await query(forge, forge.token('guest'), mark, id)).errors).toMatchObject([
    { type: 'FORBIDDEN', message: 'Resource not accessible by integration' },
  ]);
  expect((await query(forge, forge.token('stranger'), mark, id)).errors).toMatchObject([
    { type: 'NOT_FOUND' },
  ]);
  expect((await query(forge, token, mark, id)).data).toEqual({
    markPullRequestReadyForReview: { clientMutationId: 'x', pullRequest: { isDraft: false } },
  });
  await query(
    forge,
    token,
    'mutation ($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } } }',
    id,
  );
  expect(pull.state.isDraft).toBe(true);
  const added = await query(
    forge,
    token,
    'mutation ($id: ID!) { addComment(input: { subjectId: $id, body: "Done." }) { commentEdge { node { body url } } } }',
    id,
  );
  expect(added.errors).toEqual([]);
  const listed = await rest(forge, token, 'GET /repos/acme/app/issues/1/comments');
  expect(listed.data).toMatchObject([{ body: 'Done.', user: { login: 'gastown[bot]' } }]);
});
