import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** Real processes of the programs that people start. */
vi.setConfig({ testTimeout: 60_000 });

let cwd: string;
beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'gastown-programs-')));
});
afterEach(() => rm(cwd, { recursive: true, force: true, maxRetries: 5 }));

type Program = 'local' | 'demo';
const start = (program: Program, args: readonly string[]) =>
  execa(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL(`../../../bin/${program}.ts`, import.meta.url)),
      ...args,
    ],
    {
      cwd,
      env: { PATH: process.env['PATH'] ?? '' },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      timeout: 50_000,
    },
  );

test.for(['local', 'demo'] as const)('%s --help says how to use it, and starts nothing', async (program) => {
  const { exitCode, stdout, stderr } = await start(program, ['--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/npm (?:start|run demo) -- \[options\][^]*--data-dir DIR[^]*--help/);
  expect(await readdir(cwd)).toEqual([]);
});

const refusals: { program: Program; args: string[]; says: RegExp }[] = [
  { program: 'local', args: ['--prot', '1'], says: /^Unknown option '--prot'\. See --help\.$/ },
  { program: 'local', args: ['--port', 'x'], says: /^--port is a whole number from 0 to 65535, not "x"\.$/ },
  { program: 'local', args: ['--model', 'anthropic/claude'], says: /^Set ANTHROPIC_API_KEY/ },
  { program: 'demo', args: ['--fast'], says: /^Unknown option '--fast'\. See --help\.$/ },
  {
    program: 'demo',
    args: ['--timeout', 'abc'],
    says: /^--timeout is a number from 1 to 86400, not "abc"\.$/,
  },
  { program: 'demo', args: ['--sleep-after=-1'], says: /^--sleep-after is a number from 0 / },
];
test.for(refusals)('$program $args exits with 2 and one line', async ({ program, args, says }) => {
  const { exitCode, stdout, stderr } = await start(program, args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(says);
  expect(stderr).not.toContain('\n');
  expect(await readdir(cwd)).toEqual([]);
});

const kept: { name: string; files: string[]; args: string[]; says: RegExp; code: number }[] = [
  {
    name: "somebody's project",
    files: ['package.json'],
    args: [],
    code: 1,
    says: /files that are not a demo's; choose another/,
  },
  {
    name: 'an installation',
    files: ['dynamodb/CURRENT', 'keys.json'],
    args: [],
    code: 1,
    says: /not a demo's/,
  },
  {
    name: 'an installation, to be resumed',
    files: ['dynamodb/CURRENT'],
    args: ['--resume'],
    code: 1,
    says: /not a demo's/,
  },
  {
    name: 'a demo that has not ended',
    files: ['sample.git/HEAD', 'local.json'],
    args: [],
    code: 1,
    says: /Go on with it with --resume, or delete/,
  },
  {
    name: 'a demo, when the model is wrong',
    files: ['sample.git/HEAD'],
    args: ['--model', 'nonsense'],
    code: 2,
    says: /^--model is provider/,
  },
];
test.for(kept)('the demo does not delete $name', async ({ files, args, says, code }) => {
  const directory = join(cwd, 'data');
  for (const file of files) {
    await mkdir(join(directory, file, '..'), { recursive: true });
    await writeFile(join(directory, file), 'precious');
  }
  const { exitCode, stderr } = await start('demo', ['--data-dir', directory, ...args]);
  expect(stderr).toMatch(says);
  expect(exitCode).toBe(code);
  for (const file of files) expect(await readFile(join(directory, file), 'utf8')).toBe('precious');
});

test('a file is no data directory', async () => {
  await writeFile(join(cwd, 'file'), 'precious');
  const { exitCode, stderr } = await start('demo', ['--data-dir', 'file']);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('ENOTDIR') as unknown,
  });
  expect(await readFile(join(cwd, 'file'), 'utf8')).toBe('precious');
});

test('a second start on the same data directory says so and ends, while the first goes on', async () => {
  const first = start('local', ['--port', '0', '--data-dir', 'data', '--quiet']);
  try {
    const ready = vi.waitFor(async () => readFile(join(cwd, 'data', 'local.json'), 'utf8'), {
      timeout: 20_000,
      interval: 50,
    });
    const { apiUrl } = JSON.parse(await ready) as { apiUrl: string };
    for (const [program, args] of [
      ['local', ['--port', '0']],
      ['demo', ['--resume']],
    ] as const) {
      await mkdir(join(cwd, 'data', 'sample.git'), { recursive: true });
      const second = await start(program, [...args, '--data-dir', 'data']);
      expect(second.exitCode).toBe(1);
      expect(second.stderr).toMatch(
        /^another gastown is running on this data directory \(.*\); stop it, or choose another directory$/,
      );
    }
    const status = await fetch(`${apiUrl}/v1/towns`);
    expect(status.status).toBe(401);
    expect(JSON.parse(await readFile(join(cwd, 'data', 'local.json'), 'utf8'))).toMatchObject({ apiUrl });
  } finally {
    first.kill('SIGTERM');
  }
  const { exitCode, stdout } = await first;
  expect(exitCode).toBe(0);
  expect(stdout).toContain('No model is configured');
});
