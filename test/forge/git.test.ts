import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLoopbackCertificate } from '../../local/forge/loopback-certificate.ts';
import { cloneOf, git } from './clone.ts';
import { pullOfTown, rest, scene } from './forge.ts';

test('a clone, a commit and a push are real, and a pull request follows its branch', async () => {
  const { forge, repository, token } = await scene();
  const clone = await cloneOf(forge.gitUrl('acme', 'app'), token);
  await clone.run('checkout', '-q', '-b', 'work');
  const first = await clone.commit({ 'src/b.ts': 'export const b = 2;\n' });
  expect(await clone.run('push', '-q', 'origin', 'work')).toMatchObject({ code: 0 });
  expect(repository.head('work')).toBe(first);

  const opened = await rest(forge, token, 'POST /repos/acme/app/pulls', {
    title: 'B',
    head: 'work',
    base: 'main',
  });
  expect(opened).toMatchObject({ status: 201, data: { number: 1, head: { sha: first } } });

  const second = await clone.commit({ 'src/b.ts': 'export const b = 3;\n' });
  expect(await clone.run('push', '-q', 'origin', 'work')).toMatchObject({ code: 0 });
  const read = await rest(forge, token, 'GET /repos/acme/app/pulls/1');
  expect(read.data).toMatchObject({ head: { sha: second }, mergeable: true, mergeable_state: 'clean' });
  expect((await clone.run('ls-remote', 'origin', 'refs/pull/1/head')).text).toBe(
    `${second}\trefs/pull/1/head`,
  );
});

test('a force push moves the head of a pull request too', async () => {
  const scenery = await scene();
  const pull = await pullOfTown(scenery);
  const clone = await cloneOf(scenery.forge.gitUrl('acme', 'app'), scenery.token);
  await clone.run('checkout', '-q', '-b', 'work');
  const other = await clone.commit({ 'src/c.ts': 'export const c = 3;\n' });
  expect((await clone.run('push', '-q', 'origin', 'work')).errors).toContain('rejected');
  expect(await clone.run('push', '-q', '--force', 'origin', 'work')).toMatchObject({ code: 0 });
  expect(pull.state.headSha).toBe(other);
});

test.each([undefined, 'ghs_nothing'])(
  'a private repository is not cloned with the token %s',
  async (token) => {
    const { forge } = await scene();
    const run = await git(tmpdir(), token, 'ls-remote', forge.gitUrl('acme', 'app'));
    expect(run.code).not.toBe(0);
    expect(run.errors).toContain('could not read Username');
  },
);

test('a reader fetches and does not push', async () => {
  const { forge } = await scene();
  const clone = await cloneOf(forge.gitUrl('acme', 'app'), forge.token('guest'));
  await clone.commit({ 'x.txt': 'x' });
  const pushed = await clone.run('push', '-q', 'origin', 'HEAD:refs/heads/mine');
  expect(pushed.errors).toContain('403');
});

test('nobody pushes to a protected branch or to the refs of the forge', async () => {
  const scenery = await scene();
  await pullOfTown(scenery);
  await scenery.repository.protect('main', { requiredApprovals: 1 });
  const clone = await cloneOf(scenery.forge.gitUrl('acme', 'app'), scenery.token);
  await clone.commit({ 'x.txt': 'x' });
  expect((await clone.run('push', '-q', 'origin', 'HEAD:main')).errors).toContain('GH006');
  const own = await clone.run('push', '-q', '--force', 'origin', 'HEAD:refs/pull/1/head');
  expect(own.errors).toContain('deny updating a hidden ref');
});

test('a pull request is closed with its branch, and merged by a push of its commits to its base', async () => {
  const scenery = await scene();
  const pull = await pullOfTown(scenery);
  const other = await pullOfTown(scenery, { branch: 'other', files: { 'o.txt': 'o' } });
  const clone = await cloneOf(scenery.forge.gitUrl('acme', 'app'), scenery.token);
  await clone.run('push', '-q', 'origin', ':other');
  expect(other.state).toMatchObject({ state: 'closed', merged: undefined });
  const pushed = await clone.run('push', '-q', 'origin', 'origin/work:main');
  expect(pushed.code).toBe(0);
  expect(pull.state).toMatchObject({ state: 'closed', merged: { sha: pull.state.headSha } });
});

test('a renamed repository is found by its old name: git, REST and GraphQL', async () => {
  const scenery = await scene();
  const { forge, repository, token } = scenery;
  await pullOfTown(scenery);
  await repository.rename('acme', 'application');
  const clone = await cloneOf(forge.gitUrl('acme', 'app'), token);
  expect((await clone.run('log', '-1', '--format=%s')).text).toBe('Begin');

  const moved = await rest(forge, token, 'GET /repos/acme/app/pulls/1');
  expect(moved).toMatchObject({ status: 301, data: { message: 'Moved Permanently' } });
  expect(moved.headers['location']).toBe(`${forge.apiUrl}/repositories/1/pulls/1`);
  const followed = await rest(forge, token, 'GET /repositories/1/pulls/1');
  expect(followed.data).toMatchObject({ number: 1, base: { repo: { full_name: 'acme/application' } } });
  const put = await rest(forge, token, 'PUT /repos/acme/app/pulls/1/merge');
  expect(put).toMatchObject({ status: 307 });
});

test('it serves https under a certificate of its own', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'certificate-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const { certificateFile, ...tls } = await createLoopbackCertificate(directory);
  const { forge, repository, token } = await scene({ tls });
  const url = forge.gitUrl('acme', 'app');
  expect(url).toMatch(/^https:/);
  const heads = (...options: string[]) => git(directory, token, ...options, 'ls-remote', url, 'main');
  expect(await heads()).toMatchObject({ code: 128 });
  const trusted = await heads('-c', `http.sslCAInfo=${certificateFile}`);
  expect(trusted.text).toBe(`${repository.head('main') ?? ''}\trefs/heads/main`);
});

test('of two who merge at the same time, one does', async () => {
  const scenery = await scene();
  await pullOfTown(scenery);
  const merge = () => rest(scenery.forge, scenery.token, 'PUT /repos/acme/app/pulls/1/merge');
  const answers = await Promise.all([merge(), merge(), merge()]);
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 405, 405]);
});
