import { expect, test } from 'vitest';
import { cloneOf } from './clone.ts';
import { TOWN, pullOfTown, rest, scene } from './forge.ts';

const MERGE = 'PUT /repos/acme/app/pulls/1/merge';
const FORMAT = '--format=%s|%an|%cn|%p';

/** Subject, author, committer and how many parents, newest first. */
async function history(url: string, token: string): Promise<string[]> {
  const clone = await cloneOf(url, token);
  const { text } = await clone.run('log', '--first-parent', FORMAT);
  return text
    .split('\n')
    .map((line) => line.split('|'))
    .map(([subject, author, committer, parents = '']) =>
      [subject, author, committer, parents.split(' ').filter((parent) => parent !== '').length].join('|'),
    );
}

test.each([
  ['merge', ['Merge pull request #1 from acme/work|gastown[bot]|GitHub|2', 'Change main.txt|acme|acme|1']],
  ['squash', ['Add b (#1)|gastown[bot]|GitHub|1', 'Change main.txt|acme|acme|1']],
  [
    'rebase',
    ['Change src/c.ts|max|GitHub|1', 'Change src/b.ts|gastown[bot]|GitHub|1', 'Change main.txt|acme|acme|1'],
  ],
] as const)('%s is done in git', async (method, expected) => {
  const scenery = await scene();
  const { forge, repository, token } = scenery;
  const pull = await pullOfTown(scenery);
  await pull.push('max', { 'src/c.ts': 'c' });
  await repository.commit('main', { files: { 'main.txt': 'm' } });

  const { headSha } = pull.state;
  const merged = await rest(forge, token, MERGE, { merge_method: method, sha: headSha });
  expect(merged).toMatchObject({
    status: 200,
    data: { sha: repository.head('main'), merged: true, message: 'Pull Request successfully merged' },
  });
  expect(await history(forge.gitUrl('acme', 'app'), token)).toEqual([...expected, 'Begin|acme|acme|0']);
  const read = await rest(forge, token, 'GET /repos/acme/app/pulls/1');
  expect(read.data).toMatchObject({
    state: 'closed',
    merged: true,
    merged_by: { login: TOWN, type: 'Bot' },
    merge_commit_sha: repository.head('main'),
    head: { sha: headSha },
  });
});

test('a head that moved is not merged', async () => {
  const scenery = await scene();
  const pull = await pullOfTown(scenery);
  const { headSha } = pull.state;
  await pull.push('max', { 'later.txt': 'later' });
  expect(await rest(scenery.forge, scenery.token, MERGE, { sha: headSha })).toMatchObject({
    status: 409,
    data: { message: 'Head branch was modified. Review and try the merge again.' },
  });
  expect(pull.state.state).toBe('open');
});

test('what conflicts, is closed or is merged is not mergeable', async () => {
  const scenery = await scene();
  const { forge, repository, token } = scenery;
  const pull = await pullOfTown(scenery, { files: { 'src/a.ts': 'export const a = 2;\n' } });
  await repository.commit('main', { files: { 'src/a.ts': 'export const a = 3;\n' } });
  const refusal = { status: 405, data: { message: 'Pull Request is not mergeable' } };
  expect(await rest(forge, token, MERGE)).toMatchObject(refusal);
  await pull.forcePush('max', { 'src/a.ts': 'export const a = 4;\n' });
  await pull.close('rita');
  expect(await rest(forge, token, MERGE)).toMatchObject(refusal);
  await pull.reopen('rita');
  expect(await rest(forge, token, MERGE)).toMatchObject({ status: 200 });
  expect(await rest(forge, token, MERGE)).toMatchObject(refusal);
  await expect(pull.reopen('rita')).rejects.toThrow('Validation Failed');
});

test('a method that the repository does not allow', async () => {
  const scenery = await scene({}, { mergeMethods: ['squash'] });
  await pullOfTown(scenery);
  const refused = await rest(scenery.forge, scenery.token, MERGE, { merge_method: 'rebase' });
  expect(refused).toMatchObject({
    status: 405,
    data: { message: 'Rebase merges are not allowed on this repository.' },
  });
  const settings = await rest(scenery.forge, scenery.token, 'GET /repos/acme/app');
  expect(settings.data).toMatchObject({
    allow_squash_merge: true,
    allow_merge_commit: false,
    allow_rebase_merge: false,
    permissions: { push: true, admin: false },
  });
});

test('commits that conflict one by one are not rebased, though the whole merges', async () => {
  const scenery = await scene();
  const { forge, repository, token } = scenery;
  const pull = await pullOfTown(scenery, { files: { 'src/a.ts': 'export const a = 2;\n' } });
  await pull.push('max', { 'src/a.ts': 'export const a = 3;\n' });
  await repository.commit('main', { files: { 'src/a.ts': 'export const a = 3;\n' } });
  expect(await rest(forge, token, MERGE, { merge_method: 'rebase' })).toMatchObject({
    status: 405,
    data: { message: "This branch can't be rebased" },
  });
  expect(await rest(forge, token, MERGE, { merge_method: 'squash' })).toMatchObject({ status: 200 });
});

test('a branch is updated from its base, once', async () => {
  const scenery = await scene();
  const { forge, repository, token } = scenery;
  const pull = await pullOfTown(scenery);
  const route = 'PUT /repos/acme/app/pulls/1/update-branch';
  expect(await rest(forge, token, route)).toMatchObject({
    status: 422,
    data: { message: 'There are no new commits on the base branch.' },
  });
  await repository.commit('main', { files: { 'main.txt': 'm' } });
  expect(await rest(forge, token, route, { expected_head_sha: '0'.repeat(40) })).toMatchObject({
    status: 422,
  });
  const before = pull.state.headSha;
  expect(await rest(forge, token, route, { expected_head_sha: before })).toMatchObject({ status: 202 });
  expect(pull.state.headSha).not.toBe(before);
  expect(pull.state.headSha).toBe(repository.head('work'));
  const compared = await rest(forge, token, 'GET /repos/acme/app/compare/main...work');
  expect(compared.data).toMatchObject({ status: 'ahead', behind_by: 0, ahead_by: 2 });
});

test('a merged branch goes where the repository wants that', async () => {
  const scenery = await scene({}, { deletesMergedBranches: true });
  const pull = await pullOfTown(scenery);
  await pull.merge('rita');
  expect(scenery.repository.head('work')).toBeUndefined();
  expect(pull.state.merged).toMatchObject({ by: 'rita' });
});
