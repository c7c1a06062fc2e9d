import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatewayDirectory } from '../../../task-image/git/gateway.ts';
import { prepareReviewWorktree } from '../../../task-image/git/worktree.ts';
import { commitFile, createTown, git, mustGit, type Town } from './fixture.ts';

let town: Town;
beforeAll(async () => {
  town = await createTown();
});
afterAll(() => town.remove());

describe('what an agent may push', () => {
  let directory: string;
  beforeAll(async () => {
    ({ directory } = await town.agent('polecat-1', 'gt/toast/1'));
    await commitFile(directory, 'src/a.ts', 'export const a = 1;\n');
    await mustGit(directory, 'push', '--quiet');
    await mustGit(directory, 'tag', 'v1');
  });

  test.each([
    ['another branch', ['origin', 'HEAD:gt/other/2'], 'your own branch only'],
    ['the default branch', ['origin', 'HEAD:main'], 'your own branch only'],
    ['a tag', ['origin', 'v1'], 'your own branch only'],
    ['a ref of the supervisor', ['origin', 'HEAD:refs/gastown/wip/gt/toast/1'], 'your own branch only'],
    ['a deletion', ['origin', ':gt/toast/1'], 'cannot be deleted'],
    ['a deletion of another', ['origin', ':main'], 'your own branch only'],
    ['a rewritten branch', ['--force', 'origin', 'HEAD~1:gt/toast/1'], 'only moves forward'],
  ])('not %s', async (_what, args, says) => {
    const before = await mustGit(directory, 'ls-remote', 'origin');
    const run = await git(directory, 'push', ...args);
    expect(run.exitCode).not.toBe(0);
    expect(run.stderr).toContain(says);
    expect(await mustGit(directory, 'ls-remote', 'origin')).toBe(before);
  });

  test('its own branch, forward; and its commits carry its name', async () => {
    const sha = await commitFile(directory, 'src/b.ts', 'export const b = 1;\n');
    await mustGit(directory, 'push', '--quiet', 'origin', 'HEAD');
    expect(await mustGit(directory, 'ls-remote', 'origin', 'gt/toast/1')).toContain(sha);
    expect(await mustGit(directory, 'log', '-1', '--format=%an <%ae>')).toBe(
      'Toast (gastown) <Toast@gastown.local>',
    );
    expect(await town.remoteRef('refs/heads/gt/toast/1')).toBeNull();
  });
});

test('an agent sees what a colleague pushes, by its usual commands', async () => {
  const { directory } = await town.agent('polecat-2', 'gt/toast/2');
  const sha = await town.colleague('main', 'NEWS.md', 'news\n');
  await town.mirror.fetch();
  await mustGit(directory, 'pull', '--quiet', 'origin', 'main');
  expect(await mustGit(directory, 'rev-parse', 'HEAD')).toBe(sha);
});

test('an agent that changes its gateway moves nothing but its own branch, and that only forward', async () => {
  const { directory } = await town.agent('polecat-3', 'gt/toast/3');
  const first = await commitFile(directory, 'src/c.ts', 'export const c = 1;\n');
  await mustGit(directory, 'push', '--quiet');
  await town.mirror.fetch();
  const gateway = gatewayDirectory(town.mirror.home, 'polecat-3');
  await writeFile(join(gateway, 'hooks', 'update'), '#!/bin/sh\nexit 0\n');
  await commitFile(directory, 'src/d.ts', 'export const d = 1;\n');
  await mustGit(directory, 'push', '--quiet', 'origin', 'HEAD:main', 'HEAD:gt/other/1');
  await mustGit(directory, 'push', '--quiet', '--force', 'origin', 'HEAD~2:gt/toast/3');
  await town.mirror.fetch();
  const refs = await mustGit(town.mirror.directory, 'for-each-ref', '--format=%(refname)', 'refs/heads');
  expect(refs.split('\n')).not.toContain('refs/heads/gt/other/1');
  expect(await mustGit(town.mirror.directory, 'rev-parse', 'gt/toast/3')).toBe(first);
  expect(await mustGit(gateway, 'rev-parse', 'main')).toBe(await town.remoteRef('main'));
});

test('a reviewer sees the candidate and pushes nothing', async () => {
  const target = (await town.remoteRef('main')) ?? '';
  const review = await prepareReviewWorktree({
    mirror: town.mirror,
    agentId: 'refinery-1',
    agentName: 'Refinery',
    candidateSha: '1'.repeat(40),
    headSha: target,
    directory: join(town.workDir, 'worktrees', 'refinery-1'),
  });
  expect(review).toMatchObject({ shows: 'head', sha: target });
  expect(await readFile(join(review.directory, 'package.json'), 'utf8')).toContain('sample');
  expect((await git(review.directory, 'symbolic-ref', 'HEAD')).exitCode).not.toBe(0);
  await mustGit(review.directory, 'diff', '--stat', 'origin/main...HEAD');
  const push = await git(review.directory, 'push', 'origin', 'HEAD:refs/heads/review');
  expect(push.exitCode).not.toBe(0);
  expect(push.stderr).toContain('a reviewer pushes nothing');
});
