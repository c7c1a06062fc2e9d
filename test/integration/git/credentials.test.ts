import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { execa } from 'execa';
import { createSampleRepository } from '../../../local/demo/sample-repository.ts';
import { openMirror } from '../../../task-image/git/mirror.ts';
import { prepareAgentWorktree } from '../../../task-image/git/worktree.ts';
import { temporaryDirectory } from './fixture.ts';
import { serveHttps, type HttpsRemote } from './https-remote.ts';
import { rm } from 'node:fs/promises';

let root: string;
let remote: HttpsRemote;
beforeAll(async () => {
  root = await temporaryDirectory();
  await createSampleRepository(root);
  remote = await serveHttps(root);
  process.env['GIT_SSL_CAINFO'] = remote.certificateFile;
});
afterAll(async () => {
  delete process.env['GIT_SSL_CAINFO'];
  await remote.close();
  await rm(root, { recursive: true, force: true });
});

const open = (disk: string, tokens: string[]) => {
  const rig = { rigId: 'rig-1', gitUrl: remote.url('sample.git'), defaultBranch: 'main' };
  const credentials = async () => ({ username: 'x-access-token', password: tokens.shift() ?? 'none-left' });
  return openMirror({ workDir: join(root, disk), rig, allowLocal: false, credentials });
};

test('a remote behind a token is fetched and pushed, with a new token when the old one has expired', async () => {
  remote.accept('x-access-token:second-token');
  const tokens = ['first-token', 'second-token', 'second-token', 'second-token', 'second-token'];
  const mirror = await open('disk-1', tokens);
  const directory = join(root, 'worktree');
  const names = { agentId: 'polecat-1', agentName: 'Toast', branch: 'gt/1' };
  await prepareAgentWorktree({ mirror, ...names, base: 'convoy/head', createBaseFrom: 'main', directory });
  const refs = await execa('git', ['for-each-ref', '--format=%(refname)'], { cwd: join(root, 'sample.git') });
  expect(refs.stdout).toContain('refs/heads/convoy/head');
  // Nothing that an agent can read holds a token.
  const found = await execa('grep', ['-rl', '-e', '-token', join(root, 'disk-1'), directory], {
    reject: false,
  });
  expect(found.stdout).toBe('');
});

test('a token that is not taken is an auth error that does not show it', async () => {
  remote.accept('x-access-token:another-token');
  const error = await open('disk-2', ['first-token', 'second-token']).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind: 'auth', retry: 'backoff' });
  expect(String(error)).not.toMatch(/(?:first|second)-token/);
});

test('a repository that is not there is not found', async () => {
  remote.accept('x-access-token:first-token');
  const rig = { rigId: 'rig-1', gitUrl: remote.url('none.git'), defaultBranch: 'main' };
  const credentials = async () => ({ username: 'x-access-token', password: 'first-token' });
  const opening = openMirror({ workDir: join(root, 'disk-3'), rig, allowLocal: false, credentials });
  await expect(opening).rejects.toMatchObject({ kind: 'not_found', retry: 'never' });
});
