import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

export interface SampleRepository {
  /** A bare repository: an absolute path, which local mode takes as a git URL. */
  remoteUrl: string;
  defaultBranch: string;
}

/** Runs with Node 22 as it is: erasable types, the built-in test runner, nothing to install. */
export const SAMPLE_FILES: Readonly<Record<string, string>> = {
  'package.json': `{
  "name": "sample",
  "version": "0.1.0",
  "private": true,
  "type": "module",
  "scripts": {
    "test": "node --test 'test/**/*.test.ts'"
  }
}
`,
  'README.md': `# Sample

A small price list. \`npm test\` runs the tests (Node 22 or later; nothing to install).
`,
  '.gitignore': 'node_modules/\n',
  'src/money.ts': `/** An amount in cents: fractions of a cent do not exist. */
export type Cents = number;

export function formatCents(amount: Cents): string {
  return \`$\${(amount / 100).toFixed(2)}\`;
}
`,
  'src/cart.ts': `import type { Cents } from './money.ts';

export interface Line {
  name: string;
  price: Cents;
  quantity: number;
}

export function total(lines: readonly Line[]): Cents {
  return lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
}
`,
  'test/cart.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/cart.ts';
import { formatCents } from '../src/money.ts';

test('an empty cart costs nothing', () => {
  assert.equal(total([]), 0);
});

test('quantities count', () => {
  const lines = [
    { name: 'tea', price: 350, quantity: 2 },
    { name: 'cup', price: 800, quantity: 1 },
  ];
  assert.equal(formatCents(total(lines)), '$15.00');
});
`,
};

const DEFAULT_BRANCH = 'main';
const GIT_TIMEOUT_MS = 30_000;

async function git(cwd: string, args: readonly string[]): Promise<void> {
  const identity = { NAME: 'Sample', EMAIL: 'sample@gastown.local' };
  await execa('git', args, {
    cwd,
    timeout: GIT_TIMEOUT_MS,
    stdin: 'ignore',
    extendEnv: false,
    env: {
      PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
      HOME: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CEILING_DIRECTORIES: dirname(cwd),
      GIT_AUTHOR_NAME: identity.NAME,
      GIT_AUTHOR_EMAIL: identity.EMAIL,
      GIT_COMMITTER_NAME: identity.NAME,
      GIT_COMMITTER_EMAIL: identity.EMAIL,
    },
  });
}

/**
 * Makes a bare repository `<directory>/sample.git` with a small tested TypeScript project on `main`: something to point a
 * first town at. An existing one there is replaced.
 * @param directory absolute
 */
export async function createSampleRepository(directory: string): Promise<SampleRepository> {
  const remote = join(directory, 'sample.git');
  const unfinished = join(directory, 'sample.git.new');
  const source = join(directory, 'sample.source');
  for (const path of [remote, unfinished, source]) await rm(path, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await git(unfinished, ['init', '--quiet', '--bare', '--template=', '-b', DEFAULT_BRANCH, '.']);
  for (const [name, text] of Object.entries(SAMPLE_FILES)) {
    await mkdir(dirname(join(source, name)), { recursive: true });
    await writeFile(join(source, name), text);
  }
  await git(source, ['init', '--quiet', '--template=', '-b', DEFAULT_BRANCH, '.']);
  await git(source, ['add', '--all']);
  await git(source, ['commit', '--quiet', '-m', 'A small price list']);
  await git(source, ['push', '--quiet', unfinished, `HEAD:refs/heads/${DEFAULT_BRANCH}`]);
  await rm(source, { recursive: true, force: true });
  // Whole or not there: who finds it may use it.
  await rename(unfinished, remote);
  return { remoteUrl: remote, defaultBranch: DEFAULT_BRANCH };
}
