import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnGuarded, type GuardedProcess } from '../../../task-image/process/guarded-process.ts';
import { eventually, isRunning, temporaryDirectory } from './fixture.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await temporaryDirectory();
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const env = { PATH: process.env['PATH'] ?? '', GIVEN: 'yes' };
const shell = (script: string): GuardedProcess => spawnGuarded('sh', ['-c', script], { cwd, env });
const read = (name: string): Promise<string> => readFile(join(cwd, name), 'utf8').catch(() => '');

test.each([
  ['exit 0', 0],
  ['exit 7', 7],
  ['kill -KILL $$', 137],
  ['cat; exit 3', 3],
  ['no-such-command', 127],
])('%j exits with %d', async (script, exitCode) => {
  expect(await shell(script).exited).toEqual({ exitCode });
});

test('it has the given environment and directory only, and its output is complete', async () => {
  process.env['GASTOWN_TEST_SECRET'] = 'secret';
  const guarded = shell('pwd; env; seq 1 20000');
  const [output, exit] = await Promise.all([text(guarded.stdout ?? Readable.from([])), guarded.exited]);
  delete process.env['GASTOWN_TEST_SECRET'];
  expect(exit).toEqual({ exitCode: 0 });
  expect(output.startsWith(`${cwd}\n`)).toBe(true);
  expect(output).toContain('GIVEN=yes');
  expect(output).not.toContain('SECRET');
  expect(output.endsWith('\n20000\n')).toBe(true);
});

test('stop asks first and takes its answer', async () => {
  const guarded = shell(
    `trap 'echo saved > saved; exit 5' TERM; echo ready > ready; while :; do sleep 0.05; done`,
  );
  expect(await eventually(async () => (await read('ready')) !== '')).toBe(true);
  expect(await guarded.stop(5_000)).toEqual({ exitCode: 5 });
  expect(await read('saved')).toBe('saved\n');
  // Once more, of something that has ended.
  expect(await guarded.stop(5_000)).toEqual({ exitCode: 5 });
});

test('an answer that comes at the same moment as the question is not lost', async () => {
  // One of about 150 was, when the shell took both signals in one wait.
  const answers = new Set<number | null>();
  for (let round = 0; round < 40; round += 1) {
    const exits = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const guarded = shell(`trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done`);
        await once(guarded.stdout ?? Readable.from([]), 'data');
        return guarded.stop(20_000);
      }),
    );
    for (const { exitCode } of exits) answers.add(exitCode);
  }
  expect([...answers]).toEqual([5]);
});

test('stop kills what does not answer', async () => {
  const guarded = shell(`trap '' TERM; echo $$ > stubborn; while :; do sleep 1; done`);
  expect(await eventually(async () => (await read('stubborn')) !== '')).toBe(true);
  expect(await guarded.stop(200)).toEqual({ exitCode: null });
  expect(await isRunning(Number(await read('stubborn')))).toBe(false);
});

test('when its parent is killed it is asked first, then killed with all of its group', async () => {
  const script = `trap 'echo saved > asked' TERM; sh -c 'trap "" TERM; sleep 300' & echo $! > deep; while :; do sleep 0.05; done`;
  const module = new URL('../../../task-image/process/guarded-process.ts', import.meta.url).pathname;
  const source = `import { spawnGuarded } from ${JSON.stringify(module)};
    const options = ${JSON.stringify({ cwd, env, stdout: 'ignore', stderr: 'ignore' })};
    await spawnGuarded('sh', ['-c', ${JSON.stringify(script)}], options).exited;`;
  const parent = execa(process.execPath, ['--input-type=module', '--eval', source], { reject: false });
  expect(await eventually(async () => (await read('deep')) !== '')).toBe(true);
  const pid = Number(await read('deep'));
  expect(await isRunning(pid)).toBe(true);
  parent.kill('SIGKILL');
  await parent;
  expect(await eventually(async () => (await read('asked')) === 'saved\n', 2_000)).toBe(true);
  expect(await eventually(async () => !(await isRunning(pid)), 5_000)).toBe(true);
});

test('a directory that is not there is an error at once', () => {
  expect(() => spawnGuarded('true', [], { cwd: join(cwd, 'none'), env })).toThrow('cannot start');
});
