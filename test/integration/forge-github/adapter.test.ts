import { expect, test } from 'vitest';
import { blockersOf } from '../../../core/pull-request/blockers.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { PullRequestSnapshot } from '../../../core/pull-request/snapshot.ts';
import { createGitHubForge } from '../../../lambdas/adapters/github/forge.ts';
import { pullOfTown, scene, type Scene } from '../../forge/forge.ts';

/** The adapter against the forge that tests use: both were written from GitHub's documentation, and not from each other. */

const adapterOf = ({ forge, clock }: Scene) =>
  createGitHubForge({
    apiUrl: forge.apiUrl,
    graphqlUrl: forge.graphqlUrl,
    telemetry: { log: () => {}, count: () => {} },
    now: clock.now,
  });

const repositoryOf = ({ forge, token }: Scene) => ({ gitUrl: forge.gitUrl('acme', 'app'), token });

async function observe(scenery: Scene, number = 1): Promise<PullRequestSnapshot> {
  const [answer] = await adapterOf(scenery).observe([{ ...repositoryOf(scenery), number }]);
  if (answer === undefined || answer instanceof ForgeError) throw answer ?? new Error('no answer');
  return answer;
}

const kinds = async (scenery: Scene): Promise<string[]> =>
  blockersOf(await observe(scenery)).map(({ kind }) => kind);

const WANTED = { branch: 'work', target: 'main', title: 'Add b', body: 'It adds b.' };

test('from the branch to the merge', async () => {
  const scenery = await scene();
  const { repository, clock } = scenery;
  const adapter = adapterOf(scenery);
  const headSha = await repository.commit('work', { files: { 'b.ts': 'b' } });
  const opened = await adapter.open(repositoryOf(scenery), WANTED);
  expect(opened).toMatchObject({ number: 1, state: 'open', headSha, headBranch: 'work', baseBranch: 'main' });
  expect(await adapter.open(repositoryOf(scenery), WANTED)).toMatchObject({ number: 1 });
  const seen = await observe(scenery);
  expect(seen).toMatchObject({ number: 1, url: opened.url, headSha, mergeable: 'yes', mergeState: 'clean' });
  expect(Math.abs(seen.at - clock.now())).toBeLessThan(2000);
  expect(blockersOf(seen)).toEqual([]);
  const merged = await adapter.merge(repositoryOf(scenery), { number: 1, headSha });
  expect(merged).toEqual({ state: 'merged', mergeSha: repository.head('main') });
  expect(await observe(scenery)).toMatchObject({ state: 'merged', mergeSha: repository.head('main') });
  expect(await adapter.merge(repositoryOf(scenery), { number: 1, headSha })).toEqual(merged);
});

test('people and programs block it, each in its way, and let it go', async () => {
  const scenery = await scene();
  const pull = await pullOfTown(scenery);
  expect(await kinds(scenery)).toEqual([]);

  await pull.setCheck('test', { status: 'in_progress' });
  expect(await kinds(scenery)).toEqual(['checkPending']);
  await pull.setCheck('test', { status: 'completed', conclusion: 'failure' });
  expect(await kinds(scenery)).toEqual(['checkFailed']);
  await pull.setCheck('test', { status: 'completed', conclusion: 'success' });
  expect(await kinds(scenery)).toEqual([]);

  await pull.setStatus('deploy', 'pending');
  expect(await kinds(scenery)).toEqual(['checkPending']);
  await pull.setStatus('deploy', 'success');

  const thread = await pull.openThread('rita', { path: 'src/b.ts', line: 1, body: 'Why?' });
  expect(await kinds(scenery)).toEqual(['unresolvedThreads']);
  expect((await observe(scenery)).threads?.unresolved).toEqual([
    { place: 'src/b.ts:1', author: 'rita', text: 'Why?' },
  ]);
  await pull.resolveThread('rita', thread);

  await pull.requestChanges('rita', { body: 'Rename it.' });
  expect(await kinds(scenery)).toEqual(['changesRequested']);
  expect((await observe(scenery)).changeRequests).toEqual([
    { author: 'rita', body: 'Rename it.', isOnHead: true },
  ]);
  await pull.push('max', { 'src/b.ts': 'renamed' });
  expect((await observe(scenery)).changeRequests).toMatchObject([{ isOnHead: false }]);
  await pull.approve('rita');
  expect(await kinds(scenery)).toEqual([]);

  await pull.markDraft('max');
  expect(await kinds(scenery)).toEqual(['draft']);
  await pull.markReady('max');
  await scenery.repository.commit('main', { files: { 'src/b.ts': 'another' } });
  expect(await kinds(scenery)).toEqual(['conflict']);
});

test('a protected branch wants an approval', async () => {
  const scenery = await scene();
  await scenery.repository.protect('main', { requiredApprovals: 1 });
  const pull = await pullOfTown(scenery);
  expect(await kinds(scenery)).toEqual(['needsApproval']);
  const { headSha } = pull.state;
  expect(await adapterOf(scenery).merge(repositoryOf(scenery), { number: 1, headSha })).toMatchObject({
    state: 'refused',
  });
  await pull.approve('rita');
  expect(await kinds(scenery)).toEqual([]);
});

test.each(['squash', 'merge', 'rebase'] as const)('a repository that allows %s only', async (method) => {
  const scenery = await scene({}, { mergeMethods: [method] });
  const pull = await pullOfTown(scenery);
  const { headSha } = pull.state;
  expect(await adapterOf(scenery).merge(repositoryOf(scenery), { number: 1, headSha })).toMatchObject({
    state: 'merged',
  });
});

test('methods that change after they were read', async () => {
  const scenery = await scene();
  const pull = await pullOfTown(scenery);
  const adapter = adapterOf(scenery);
  await adapter.open(repositoryOf(scenery), WANTED);
  await scenery.repository.configure({ mergeMethods: ['rebase'] });
  const { headSha } = pull.state;
  expect(await adapter.merge(repositoryOf(scenery), { number: 1, headSha })).toMatchObject({
    state: 'merged',
  });
});

test('a repository that was renamed', async () => {
  const scenery = await scene();
  await scenery.repository.rename('acme2', 'app2');
  const headSha = await scenery.repository.commit('work', { files: { 'b.ts': 'b' } });
  const adapter = adapterOf(scenery);
  expect(await adapter.open(repositoryOf(scenery), WANTED)).toMatchObject({ number: 1 });
  expect(await adapter.open(repositoryOf(scenery), WANTED)).toMatchObject({ number: 1 });
  expect(await kinds(scenery)).toEqual([]);
  expect(await adapter.merge(repositoryOf(scenery), { number: 1, headSha })).toMatchObject({
    state: 'merged',
  });
});

test('a head that moved, a branch without commits, a token that is none', async () => {
  const scenery = await scene();
  const pull = await pullOfTown(scenery);
  const { headSha } = pull.state;
  await pull.push('max', { 'src/c.ts': 'c' });
  const adapter = adapterOf(scenery);
  expect(await adapter.merge(repositoryOf(scenery), { number: 1, headSha })).toEqual({
    state: 'refused',
    reason: 'the head moved',
  });
  await expect(adapter.open(repositoryOf(scenery), { ...WANTED, branch: 'none' })).rejects.toMatchObject({
    kind: 'refused',
  });
  const token = 'ghp_none';
  expect(await adapter.observe([{ ...repositoryOf(scenery), token, number: 1 }])).toMatchObject([
    { kind: 'unauthorized' },
  ]);
  const gone = { gitUrl: scenery.forge.gitUrl('acme', 'gone'), token: scenery.token, number: 1 };
  expect(await adapter.observe([gone, { ...repositoryOf(scenery), number: 1 }])).toMatchObject([
    { kind: 'not_found' },
    { number: 1 },
  ]);
});

test('a limit that is spent says until when', async () => {
  const scenery = await scene({ rateLimit: 2 });
  await pullOfTown(scenery);
  const adapter = adapterOf(scenery);
  const pull = { ...repositoryOf(scenery), number: 1 };
  const answers = [];
  for (let call = 0; call < 8; call += 1) answers.push(...(await adapter.observe([pull])));
  expect(answers.at(-1)).toMatchObject({ kind: 'rate_limited', until: expect.any(Number) as number });
});

test('an answer that was lost after it was done is made good by the next try', async () => {
  const scenery = await scene();
  const { forge, repository } = scenery;
  const headSha = await repository.commit('work', { files: { 'b.ts': 'b' } });
  const adapter = adapterOf(scenery);
  const made = forge.behave({ on: /POST .*pulls$/, behave: { kind: 'answerLost' } });
  await expect(adapter.open(repositoryOf(scenery), WANTED)).rejects.toMatchObject({ kind: 'http_error' });
  expect(made.hits()).toBe(1);
  expect(await adapter.open(repositoryOf(scenery), WANTED)).toMatchObject({ number: 1 });
  expect(repository.pulls()).toHaveLength(1);
  const merged = forge.behave({ on: /PUT .*merge$/, behave: { kind: 'answerLost' } });
  const pinned = { number: 1, headSha };
  await expect(adapter.merge(repositoryOf(scenery), pinned)).rejects.toMatchObject({ kind: 'http_error' });
  expect(merged.hits()).toBe(1);
  expect(await adapter.merge(repositoryOf(scenery), pinned)).toEqual({
    state: 'merged',
    mergeSha: repository.head('main'),
  });
});

test('a rule that allows one method only', async () => {
  const scenery = await scene();
  await scenery.repository.protect('main', { allowedMergeMethods: ['rebase'] });
  const pull = await pullOfTown(scenery);
  const adapter = adapterOf(scenery);
  const pinned = { number: 1, headSha: pull.state.headSha };
  expect(await adapter.merge(repositoryOf(scenery), pinned)).toMatchObject({ state: 'merged' });
});

test('while GitHub works out whether it merges, it is not known', async () => {
  const scenery = await scene({ mergeabilityUnknownMs: 5000 });
  const pull = await pullOfTown(scenery);
  expect(await kinds(scenery)).toEqual(['unknownYet']);
  const { headSha } = pull.state;
  const merge = () => adapterOf(scenery).merge(repositoryOf(scenery), { number: 1, headSha });
  const early = await merge().then(
    ({ state }) => state,
    (error: unknown) => (error as ForgeError).kind,
  );
  expect(['merged', 'http_error']).toContain(early);
});

test('a branch that is merged by a queue: it is put there once, and the queue merges it', async () => {
  const scenery = await scene({ mergeQueueMs: 60_000 });
  const { repository, clock, forge } = scenery;
  await repository.protect('main', { requiresMergeQueue: true });
  const pull = await pullOfTown(scenery);
  const adapter = adapterOf(scenery);
  const pinned = { number: 1, headSha: pull.state.headSha };
  expect(await kinds(scenery)).toEqual([]);
  const stale = { ...pinned, headSha: repository.head('main') ?? '' };
  expect(await adapter.merge(repositoryOf(scenery), stale)).toMatchObject({ state: 'refused' });
  expect(await adapter.merge(repositoryOf(scenery), pinned)).toEqual({ state: 'queued' });
  expect(await adapter.merge(repositoryOf(scenery), pinned)).toEqual({ state: 'queued' });
  expect(forge.calls.count('mutation enqueuePullRequest')).toBe(1);
  expect(await kinds(scenery)).toEqual(['inMergeQueue']);
  clock.advance(60_000);
  await forge.tick();
  expect(await observe(scenery)).toMatchObject({ state: 'merged', mergeSha: repository.head('main') });
});
