import { expect, test } from 'vitest';
import type { PullRequestControls } from '../../local/forge/controls/pull-request-controls.ts';
import type { Protection } from '../../local/forge/state/protection.ts';
import { pullOfTown, query, rest, scene, type Scene } from './forge.ts';

interface Rule {
  readonly name: string;
  readonly rules: Partial<Protection>;
  /** What the forge says while the rule is not met. */
  readonly refusal: string;
  readonly state?: string;
  /** Before the refusal. */
  readonly begin?: (pull: PullRequestControls, scenery: Scene) => Promise<unknown>;
  /** After it, the merge is allowed. */
  readonly meet: (pull: PullRequestControls, scenery: Scene) => Promise<unknown>;
}

const approve = (pull: PullRequestControls): Promise<unknown> => pull.approve('rita');

const RULES: readonly Rule[] = [
  {
    name: 'an approval',
    rules: { requiredApprovals: 1 },
    refusal: 'At least 1 approving review is required by reviewers with write access.',
    meet: approve,
  },
  {
    name: 'an approval of a writer',
    rules: { requiredApprovals: 1 },
    refusal: 'At least 1 approving review is required by reviewers with write access.',
    begin: (pull) => pull.approve('guest'),
    meet: approve,
  },
  {
    name: 'two approvals',
    rules: { requiredApprovals: 2 },
    refusal: 'At least 2 approving reviews are required by reviewers with write access.',
    begin: approve,
    meet: (pull) => pull.approve('max'),
  },
  {
    name: 'nobody who asks for changes',
    rules: { requiredApprovals: 1 },
    refusal: 'Changes have been requested by a reviewer with write access.',
    async begin(pull) {
      await pull.approve('max');
      await pull.requestChanges('rita', { body: 'No.' });
    },
    meet: approve,
  },
  {
    name: 'a dismissed request for changes counts no more',
    rules: { requiredApprovals: 1 },
    refusal: 'Changes have been requested by a reviewer with write access.',
    async begin(pull) {
      await pull.approve('max');
      await pull.requestChanges('rita', { body: 'No.' });
    },
    meet: (pull) => pull.dismissReviews('acme', 'rita'),
  },
  {
    name: 'a check that nobody reports',
    rules: { requiredChecks: ['ci'] },
    refusal: 'Required status check "ci" is expected.',
    meet: (pull) => pull.setCheck('ci', { status: 'completed' }),
  },
  {
    name: 'a check that runs',
    rules: { requiredChecks: ['ci'] },
    refusal: 'Required status check "ci" is pending.',
    begin: (pull) => pull.setCheck('ci', { status: 'in_progress' }),
    meet: (pull) => pull.setCheck('ci', { status: 'completed', conclusion: 'neutral' }),
  },
  {
    name: 'a check that failed',
    rules: { requiredChecks: ['ci'] },
    refusal: 'Required status check "ci" is failing.',
    begin: (pull) => pull.setCheck('ci', { status: 'completed', conclusion: 'timed_out' }),
    meet: (pull) => pull.setCheck('ci', { status: 'completed', conclusion: 'skipped' }),
  },
  {
    name: 'several checks, one of them a status',
    rules: { requiredChecks: ['ci', 'lint', 'docs'] },
    refusal: '2 of 3 required status checks have not succeeded: 1 expected, 1 failing.',
    async begin(pull) {
      await pull.setCheck('ci', { status: 'completed' });
      await pull.setStatus('lint', 'error');
    },
    async meet(pull) {
      await pull.setStatus('lint', 'success');
      await pull.setStatus('docs', 'success');
    },
  },
  {
    name: 'checks of the head, not of what was there before',
    rules: { requiredChecks: ['ci'] },
    refusal: 'Required status check "ci" is expected.',
    async begin(pull) {
      await pull.setCheck('ci', { status: 'completed' });
      await pull.push('max', { 'later.txt': 'later' });
    },
    meet: (pull) => pull.setCheck('ci', { status: 'completed' }),
  },
  {
    name: 'resolved conversations',
    rules: { requiresConversationResolution: true },
    refusal:
      'Repository rule violations found\n\nA conversation must be resolved before this pull request can be merged.\n\n',
    begin: (pull) => pull.openThread('guest', { path: 'src/b.ts', body: 'Why?' }),
    async meet(pull) {
      for (const thread of pull.state.threads) await pull.resolveThread('max', thread);
    },
  },
  {
    name: 'an up-to-date branch',
    rules: { requiresUpToDate: true },
    refusal: 'Head branch is out of date. Review and try the merge again.',
    state: 'BEHIND',
    begin: (_, { repository }) => repository.commit('main', { files: { 'new.txt': 'new' } }),
    meet: (_, { forge, token }) => rest(forge, token, 'PUT /repos/acme/app/pulls/1/update-branch'),
  },
  {
    name: 'a pull request that is no draft',
    rules: {},
    refusal: 'Pull Request is still a draft',
    state: 'DRAFT',
    begin: (pull) => pull.markDraft('rita'),
    meet: (pull) => pull.markReady('rita'),
  },
  {
    name: 'a method that the branch allows',
    rules: { allowedMergeMethods: ['squash'] },
    refusal: 'Merge commits are not allowed on this repository.',
    state: 'CLEAN',
    meet: (_, { repository }) => repository.protect('main', { allowedMergeMethods: ['merge'] }),
  },
];

test.each(RULES)('a branch wants $name', async ({ rules, refusal, state = 'BLOCKED', begin, meet }) => {
  const scenery = await scene();
  const { forge, repository, token } = scenery;
  await repository.protect('main', rules);
  const pull = await pullOfTown(scenery);
  await begin?.(pull, scenery);
  const stateOf = async (): Promise<unknown> =>
    (
      await query(
        forge,
        token,
        '{ repository(owner: "acme", name: "app") { pullRequest(number: 1) { mergeStateStatus mergeable } } }',
      )
    ).data;
  const merge = () => rest(forge, token, 'PUT /repos/acme/app/pulls/1/merge', { merge_method: 'merge' });

  expect(await stateOf()).toEqual({
    repository: { pullRequest: { mergeStateStatus: state, mergeable: 'MERGEABLE' } },
  });
  const before = repository.head('main');
  expect(await merge()).toMatchObject({ status: 405, data: { message: refusal, status: '405' } });
  expect(repository.head('main')).toBe(before);

  await meet(pull, scenery);
  expect(await stateOf()).toEqual({
    repository: { pullRequest: { mergeStateStatus: 'CLEAN', mergeable: 'MERGEABLE' } },
  });
  expect(await merge()).toMatchObject({ status: 200, data: { merged: true, sha: repository.head('main') } });
});

test('a branch without rules takes a merge whatever reviews and checks say', async () => {
  const scenery = await scene();
  const pull = await pullOfTown(scenery);
  await pull.requestChanges('rita', { body: 'No.', threads: [{ path: 'src/b.ts', body: 'Why?' }] });
  await pull.setCheck('ci', { status: 'completed', conclusion: 'failure' });
  const read = await rest(scenery.forge, scenery.token, 'GET /repos/acme/app/pulls/1');
  expect(read.data).toMatchObject({ mergeable_state: 'unstable' });
  const merged = await rest(scenery.forge, scenery.token, 'PUT /repos/acme/app/pulls/1/merge');
  expect(merged).toMatchObject({ status: 200 });
});

test('a missing approval hides that the branch is behind', async () => {
  const scenery = await scene();
  await scenery.repository.protect('main', { requiredApprovals: 1, requiresUpToDate: true });
  const pull = await pullOfTown(scenery);
  await scenery.repository.commit('main', { files: { 'new.txt': 'new' } });
  const stateOf = async (): Promise<unknown> =>
    (await rest(scenery.forge, scenery.token, 'GET /repos/acme/app/pulls/1')).data['mergeable_state'];
  expect(await stateOf()).toBe('blocked');
  await approve(pull);
  expect(await stateOf()).toBe('behind');
});

test('only the queue merges where a queue is required, and it merges later', async () => {
  const scenery = await scene({ mergeQueueMs: 60_000 }, { mergeMethods: ['squash'] });
  const { forge, clock, repository, token } = scenery;
  await repository.protect('main', { requiresMergeQueue: true, requiredChecks: ['ci'] });
  const pull = await pullOfTown(scenery);
  const enqueue = () =>
    query(
      forge,
      token,
      'mutation ($id: ID!) { enqueuePullRequest(input: { pullRequestId: $id }) { mergeQueueEntry { position state } } }',
      { id: pull.state.nodeId },
    );
  expect((await enqueue()).errors).toMatchObject([
    { type: 'UNPROCESSABLE', message: 'Required status check "ci" is expected.' },
  ]);
  await pull.setCheck('ci', { status: 'completed' });
  const direct = await rest(forge, token, 'PUT /repos/acme/app/pulls/1/merge', { merge_method: 'squash' });
  expect(direct).toMatchObject({ status: 405 });
  expect(direct.data.message).toContain('Changes must be made through the merge queue');

  expect(await enqueue()).toEqual({
    data: { enqueuePullRequest: { mergeQueueEntry: { position: 1, state: 'AWAITING_CHECKS' } } },
    errors: [],
  });
  clock.advance(59_999);
  await forge.tick();
  expect(pull.state.state).toBe('open');
  clock.advance(1);
  await forge.tick();
  expect(pull.state).toMatchObject({
    state: 'closed',
    queueEntry: undefined,
    merged: { sha: repository.head('main'), by: 'github-merge-queue[bot]' },
  });
});

test('a push takes a pull request out of the queue', async () => {
  const scenery = await scene({ mergeQueueMs: 60_000 });
  await scenery.repository.protect('main', { requiresMergeQueue: true });
  const pull = await pullOfTown(scenery);
  const text =
    'mutation ($id: ID!, $sha: GitObjectID) { enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $sha }) { mergeQueueEntry { id } } }';
  const ids = { id: pull.state.nodeId };
  const stale = await query(scenery.forge, scenery.token, text, { ...ids, sha: '0'.repeat(40) });
  expect(stale.errors).toMatchObject([{ type: 'UNPROCESSABLE' }]);
  await query(scenery.forge, scenery.token, text, { ...ids, sha: pull.state.headSha });
  await pull.push('max', { 'later.txt': 'later' });
  expect(pull.state.queueEntry).toBeUndefined();
  scenery.clock.advance(60_000);
  await scenery.forge.tick();
  expect(pull.state.state).toBe('open');
});

test('what cannot be merged any more leaves the queue', async () => {
  const scenery = await scene({ mergeQueueMs: 60_000 });
  const { forge, clock, repository, token } = scenery;
  await repository.protect('main', { requiresMergeQueue: true, requiredChecks: ['ci'] });
  const pull = await pullOfTown(scenery);
  await pull.setCheck('ci', { status: 'completed' });
  const { errors } = await query(
    forge,
    token,
    'mutation ($id: ID!) { enqueuePullRequest(input: { pullRequestId: $id }) { mergeQueueEntry { id } } }',
    { id: pull.state.nodeId },
  );
  expect(errors).toEqual([]);
  await pull.setCheck('ci', { status: 'completed', conclusion: 'failure' });
  clock.advance(60_000);
  await forge.tick();
  expect(pull.state).toMatchObject({ state: 'open', queueEntry: undefined });
});
