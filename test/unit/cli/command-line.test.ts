import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tasksOf } from '../../../cli/commands/convoy/tasks.ts';
import { findConnection } from '../../../cli/connection.ts';
import { findOne } from '../../../cli/find/find-one.ts';
import { CommandFailed } from '../../../cli/command-failed.ts';
import { flatSettings, isSecret, patchOf, valueAt } from '../../../cli/settings/paths.ts';
import { UsageError } from '../../../cli/usage-error.ts';

test.each([
  ['one task', ['--task', 'a'], [{ title: 'a' }]],
  [
    'one that waits for two',
    ['--task', 'a', '--task', 'b', '--task', 'c', '--after', '0,1'],
    [{ title: 'a' }, { title: 'b' }, { title: 'c', dependsOn: [0, 1] }],
  ],
  [
    'places said one by one',
    ['--task=a', '--task=b', '--after=0', '--after=0'],
    [{ title: 'a' }, { title: 'b', dependsOn: [0, 0] }],
  ],
  [
    'bodies, which belong to the task before',
    ['--task', 'a', '--body', 'x=1\ny', '--task', 'b'],
    [{ title: 'a', body: 'x=1\ny' }, { title: 'b' }],
  ],
  [
    'other options in between',
    ['convoy', 'create', 'Cart', '--json', '--task', 'a', '--staged'],
    [{ title: 'a' }],
  ],
  ['a title that looks like an option', ['--task=--after'], [{ title: '--after' }]],
])('tasks of a command line: %s', (_situation, words, tasks) => {
  expect(tasksOf(words)).toEqual(tasks);
});

test.each([
  ['a body before any task', ['--body', 'x']],
  ['a place that is a title', ['--task', 'a', '--after', 'a']],
  ['a place below the first', ['--task', 'a', '--after', '-1']],
])('no tasks: %s', (_situation, words) => {
  expect(() => tasksOf(words)).toThrow(UsageError);
});

const items = [
  { id: '019b8d3d-0a40-74a5-8d3c-91f2c2ab3c03', name: 'app' },
  { id: '019b8d3d-0a41-74a5-8d3c-91f2c2ab3c04', name: 'web' },
  { id: '019b8d3d-0a42-74a5-8d3c-91f2ffffffff', name: 'web' },
];
const find = (reference: string): string =>
  findOne({ kind: 'rig', items, nameOf: ({ name }) => name, reference }).id;

test('a word means an id, a name, or how one id ends', () => {
  for (const word of [items[0]?.id ?? '', 'app', '3c03', 'c2ab3c03']) expect(find(word)).toBe(items[0]?.id);
  expect(() => find('web')).toThrow(UsageError);
  expect(() => find('3')).toThrow(CommandFailed);
  expect(() => find('nothing')).toThrow(/These are there:\n {2}c2ab3c03 {2}app/);
});

const folder = mkdtempSync(join(tmpdir(), 'gastown-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(
  join(folder, 'local.json'),
  JSON.stringify({ apiUrl: 'http://127.0.0.1:4000', token: 'local-token' }),
);
const LOCAL = { url: 'http://127.0.0.1:4000', token: 'local-token', isLocal: true };

test.each([
  ['nothing but an installation here', {}, {}, LOCAL],
  [
    'an option goes before a variable',
    { url: 'https://a.example', token: 'one' },
    { GASTOWN_URL: 'https://b.example', GASTOWN_TOKEN: 'two' },
    { url: 'https://a.example', token: 'one', isLocal: false },
  ],
  [
    'the local token goes to nobody else',
    { url: 'https://a.example' },
    {},
    { url: 'https://a.example', token: undefined, isLocal: false },
  ],
  ['the address of the installation here', {}, { GASTOWN_URL: 'http://127.0.0.1:4000/' }, LOCAL],
  [
    'an address with its version and a stage',
    {},
    { GASTOWN_URL: 'https://a.example/prod/v1/', GASTOWN_TOKEN: 't' },
    { url: 'https://a.example/prod', token: 't', isLocal: false },
  ],
])('where the API is: %s', (_situation, options, env, expected) => {
  expect(findConnection({ dataDir: folder, ...options }, env)).toEqual(expected);
});

test.each([['ftp://a.example'], ['a.example'], ['file:///etc/passwd']])('%s is no address', (url) => {
  expect(() => findConnection({ dataDir: folder, url }, {})).toThrow(UsageError);
});

test.each([
  ['model.apiKey', true],
  ['gitAuth.githubToken', true],
  ['githubCliPat', true],
  ['envVars.NPM_TOKEN', true],
  ['gitAuth.gitlabInstanceUrl', false],
  ['refinery.gates', false],
])('%s is a secret: %s', (path, expected) => {
  expect(isSecret(path)).toBe(expected);
});

test('a setting is named by its path', () => {
  expect(patchOf('refinery.codeReview', false)).toEqual({ refinery: { codeReview: false } });
  expect(patchOf('envVars.A.B', 'x')).toEqual({ envVars: { 'A.B': 'x' } });
  expect(valueAt({ refinery: { gates: ['a'] } }, 'refinery.gates')).toEqual(['a']);
  expect(valueAt({ refinery: {} }, 'refinery.toString')).toBeUndefined();
  expect(flatSettings({ a: { b: 1, c: ['d'] }, e: null })).toEqual([
    ['a.b', 1],
    ['a.c', ['d']],
    ['e', null],
  ]);
  expect(() => patchOf('refinery..gates', 1)).toThrow(UsageError);
});
