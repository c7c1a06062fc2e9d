import { expect, test } from 'vitest';
import { pullOfTown, query, rest, scene, type Scene } from './forge.ts';

const READ = `{
  repository(owner: "acme", name: "app") {
    pullRequest(number: 1) {
      reviewDecision
      latestOpinionatedReviews(first: 10, writersOnly: true) { nodes { state author { login } commit { oid } } }
      latestReviews(first: 10) { nodes { state author { login } } }
      reviews(last: 10, states: [CHANGES_REQUESTED]) { totalCount nodes { body } }
      reviewThreads(first: 10) {
        nodes { id isResolved isOutdated path line resolvedBy { login } comments(first: 5) { nodes { body author { login __typename } } } }
      }
    }
  }
}`;

interface Reviewed {
  reviewDecision: string | null;
  latestOpinionatedReviews: {
    nodes: { state: string; author: { login: string }; commit: { oid: string } }[];
  };
  latestReviews: { nodes: { state: string; author: { login: string } }[] };
  reviews: { totalCount: number; nodes: { body: string }[] };
  reviewThreads: { nodes: Record<string, unknown>[] };
}

async function read({ forge, token }: Scene): Promise<Reviewed> {
  const { data, errors } = await query<{ repository: { pullRequest: Reviewed } }>(forge, token, READ);
  expect(errors).toEqual([]);
  if (data === undefined) throw new Error('no data');
  return data.repository.pullRequest;
}

const words = (reviews: { nodes: { state: string; author: { login: string } }[] }): string[] =>
  reviews.nodes.map(({ state, author }) => `${author.login} ${state}`);

test('a push dismisses approvals where the branch wants that, and no request for changes', async () => {
  const scenery = await scene();
  await scenery.repository.protect('main', { requiredApprovals: 1, dismissesStaleApprovals: true });
  const pull = await pullOfTown(scenery);
  await pull.approve('rita');
  expect((await read(scenery)).reviewDecision).toBe('APPROVED');
  await pull.push('gastown[bot]', { 'later.txt': 'later' });
  const pushed = await read(scenery);
  expect(pushed.reviewDecision).toBe('REVIEW_REQUIRED');
  expect(words(pushed.latestOpinionatedReviews)).toEqual(['rita DISMISSED']);

  await pull.requestChanges('max', { body: 'Not so.' });
  await pull.push('gastown[bot]', { 'later.txt': 'later still' });
  const again = await read(scenery);
  expect(again.reviewDecision).toBe('CHANGES_REQUESTED');
  expect(again.reviews).toEqual({ totalCount: 1, nodes: [{ body: 'Not so.' }] });
  expect(again.latestOpinionatedReviews.nodes.at(-1)?.commit.oid).not.toBe(pull.state.headSha);
});

test('an approval outlives a push where nothing dismisses it', async () => {
  const scenery = await scene();
  await scenery.repository.protect('main', { requiredApprovals: 1 });
  const pull = await pullOfTown(scenery);
  await pull.approve('rita');
  await pull.push('gastown[bot]', { 'later.txt': 'later' });
  expect((await read(scenery)).reviewDecision).toBe('APPROVED');
  await scenery.repository.protect('main', { requiredApprovals: 2 });
  expect((await read(scenery)).reviewDecision).toBe('REVIEW_REQUIRED');
  await scenery.repository.unprotect('main');
  expect((await read(scenery)).reviewDecision).toBeNull();
});

test('a comment takes no opinion back, and readers have none that counts', async () => {
  const scenery = await scene();
  await scenery.repository.protect('main', { requiredApprovals: 1 });
  const pull = await pullOfTown(scenery);
  await pull.approve('rita');
  await pull.reviewWithoutOpinion('rita', { body: 'By the way …' });
  await pull.requestChanges('guest', { body: 'I would not.' });
  const state = await read(scenery);
  expect(state.reviewDecision).toBe('APPROVED');
  expect(words(state.latestOpinionatedReviews)).toEqual(['rita APPROVED']);
  expect(words(state.latestReviews)).toEqual(['rita COMMENTED', 'guest CHANGES_REQUESTED']);
});

test('nobody approves their own pull request', async () => {
  const scenery = await scene();
  await pullOfTown(scenery);
  const route = 'POST /repos/acme/app/pulls/1/reviews';
  expect(await rest(scenery.forge, scenery.token, route, { event: 'APPROVE' })).toMatchObject({
    status: 422,
    data: { errors: [{ message: 'Can not approve your own pull request' }] },
  });
  const rita = scenery.forge.token('rita');
  expect(await rest(scenery.forge, rita, route, { event: 'APPROVE', body: 'Good.' })).toMatchObject({
    status: 200,
    data: { state: 'APPROVED', body: 'Good.', user: { login: 'rita' } },
  });
});

test('threads are answered and resolved through the API, and are outdated once their file changed', async () => {
  const scenery = await scene();
  const { forge, token } = scenery;
  const pull = await pullOfTown(scenery);
  await pull.requestChanges('rita', { threads: [{ path: 'src/b.ts', line: 1, body: 'Why 2?' }] });
  const [thread] = (await read(scenery)).reviewThreads.nodes;
  expect(thread).toMatchObject({ isResolved: false, isOutdated: false, path: 'src/b.ts', line: 1 });

  const reply = await query(
    forge,
    token,
    'mutation ($id: ID!) { addPullRequestReviewThreadReply(input: { pullRequestReviewThreadId: $id, body: "Fixed." }) { comment { body } } }',
    { id: thread?.['id'] },
  );
  expect(reply.data).toEqual({ addPullRequestReviewThreadReply: { comment: { body: 'Fixed.' } } });
  await pull.push('gastown[bot]', { 'src/b.ts': 'export const b = 3;\n' });
  const resolved = await query(
    forge,
    token,
    'mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }',
    { id: thread?.['id'] },
  );
  expect(resolved.data).toEqual({ resolveReviewThread: { thread: { isResolved: true } } });
  expect((await read(scenery)).reviewThreads.nodes).toMatchObject([
    {
      isResolved: true,
      isOutdated: true,
      line: null,
      resolvedBy: { login: 'gastown' },
      comments: {
        nodes: [
          { body: 'Why 2?', author: { login: 'rita', __typename: 'User' } },
          { body: 'Fixed.', author: { login: 'gastown', __typename: 'Bot' } },
        ],
      },
    },
  ]);
});
