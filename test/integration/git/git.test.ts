import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rm } from 'node:fs/promises';
import { execa } from 'execa';
import { kindOfFailure, GitError } from '../../../task-image/git/git-error.ts';
import { runGit } from '../../../task-image/git/git.ts';
import { redact } from '../../../task-image/git/redact.ts';
import { validateBranch, validateGitUrl, validateId } from '../../../task-image/git/validate.ts';
import { eventually, temporaryDirectory } from './fixture.ts';

describe('names', () => {
  test.each([
    ['main', true],
    ['gt/toast/0198', true],
    ['convoy/a.b/1234/head', true],
    ['', false],
    ['HEAD', false],
    ['-f', false],
    ['a..b', false],
    ['a b', false],
    ['a~1', false],
    ['a^', false],
    ['a:b', false],
    ['a?', false],
    ['a*', false],
    ['a[', false],
    ['a\\b', false],
    ['a\u0007', false],
    ['a\nb', false],
    ['a.lock', false],
    ['a.lock/b', false],
    ['a@{1}', false],
    ['/a', false],
    ['a/', false],
    ['a//b', false],
    ['a/.b', false],
    ['refs/heads/a', false],
    ['a'.repeat(245), false],
  ])('branch %j is valid: %s', async (branch, valid) => {
    expect(validateBranch(branch).valid).toBe(valid);
    // Whatever we take, git takes.
    if (valid) await execa('git', ['check-ref-format', '--branch', branch]);
  });

  test.each([
    ['rig-1', true],
    ['0198c1de-7a5e-7000-8000-000000000000', true],
    ['', false],
    ['..', false],
    ['a/b', false],
    ['a..b', false],
    ['a.lock', false],
    ['.a', false],
    ['-a', false],
  ])('id %j is valid: %s', (id, valid) => {
    expect(validateId(id).valid).toBe(valid);
  });

  test.each([
    ['https://github.com/acme/app.git', true, true],
    ['https://user:token@github.com/acme/app.git', false, false],
    ['http://github.com/acme/app.git', false, false],
    ['git@github.com:acme/app.git', false, false],
    ['ssh://git@github.com/acme/app.git', false, false],
    ['ext::sh -c whoami', false, false],
    ['--upload-pack=whoami', false, false],
    ['/srv/app.git', false, true],
    ['../app.git', false, false],
    ['file:///srv/app.git', false, true],
    ['file://host/srv/app.git', false, false],
  ])('git URL %j is valid: %s, in local mode: %s', (url, valid, validLocally) => {
    expect(validateGitUrl(url, false).valid).toBe(valid);
    expect(validateGitUrl(url, true).valid).toBe(validLocally);
  });

  test('an SSH address is refused with what to use instead', () => {
    expect(validateGitUrl('git@github.com:acme/app.git', true)).toMatchObject({
      reason: expect.stringContaining('https://'),
    });
  });
});

test.each([
  ["fatal: Authentication failed for 'https://github.com/a/b.git/'", 'auth'],
  ["fatal: could not read Username for 'https://github.com': terminal prompts disabled", 'auth'],
  ["fatal: unable to access 'https://x/': The requested URL returned error: 403", 'auth'],
  ["fatal: unable to access 'https://x/': The requested URL returned error: 502", 'network'],
  ["fatal: unable to access 'https://x/': Could not resolve host: x", 'network'],
  ["fatal: repository 'https://github.com/a/b.git/' not found", 'not_found'],
  ["fatal: '/srv/none.git' does not appear to be a git repository", 'not_found'],
  ['! [remote rejected] main -> main (protected branch hook declined)', 'rejected'],
  ['fatal: bad object HEAD', 'other'],
])('%j is of kind %s', (stderr, kind) => {
  expect(kindOfFailure(stderr)).toBe(kind);
});

test.each([
  ['https://x-access-token:abc@github.com/a', 'https://[redacted]@github.com/a'],
  ['token ghp_0123456789abcdefghijABCDEFGHIJ012345 end', 'token [redacted] end'],
  ['glpat-0123456789abcdefXYZ1', '[redacted]'],
  ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
  ['Authorization: Bearer abcdefghijklmnop', 'Authorization: Bearer [redacted]'],
  ['a known hunter2hunter2', 'a known [redacted]'],
  ['ordinary text a@b.c https://host/path', 'ordinary text a@b.c https://host/path'],
])('%j is redacted to %j', (text, expected) => {
  expect(redact(text, ['hunter2hunter2', 'short'])).toBe(expected);
});

describe('runGit', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await temporaryDirectory();
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('says what failed as data and without credentials', async () => {
    const url = 'file://user:hunter2hunter2@localhost/none.git';
    const error = await runGit(['ls-remote', url], { cwd: directory }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(GitError);
    expect(error).toMatchObject({ kind: 'not_found', retry: 'never', exitCode: 128 });
    expect(String(error)).not.toContain('hunter2');
  });

  test('inherits neither variables nor configuration', async () => {
    process.env['GIT_DIR'] = '/nowhere';
    try {
      await runGit(['init', '--quiet', 'inner'], { cwd: directory });
      expect(await runGit(['config', '--list', '--show-scope'], { cwd: directory })).toBe('');
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  test('ends git and its transport helper at the time limit', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const url = `https://127.0.0.1:${port}/x.git`;
    const began = Date.now();
    const failing = runGit(['ls-remote', url], { cwd: directory, timeoutMs: 700 });
    await expect(failing).rejects.toMatchObject({ kind: 'timeout', retry: 'backoff' });
    expect(Date.now() - began).toBeLessThan(5_000);
    const gone = async (): Promise<boolean> =>
      !(await execa('ps', ['-eo', 'args'])).stdout.includes(`127.0.0.1:${port}/x.git`);
    expect(await eventually(gone)).toBe(true);
    silent.close();
  });
});
