import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gastown } from './gastown.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gastown-shell-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('completes in bash what is typed: commands, what is inside of a group, options', async () => {
  const { code, out } = await gastown(['completion', 'bash']);
  expect(code).toBe(0);
  const script = join(folder, 'completion.bash');
  await writeFile(script, out);
  const rows: readonly [typed: readonly string[], candidates: readonly string[]][] = [
    [['sl'], ['sling']],
    [['conv'], ['convoy']],
    [['beads', 're'], ['reopen']],
    [['sling', '--prio'], ['--priority']],
  ];
  for (const [typed, candidates] of rows) {
    const words = ['gastown', ...typed].map((word) => `'${word}'`).join(' ');
    const program = `source ${script}; COMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _gastown_completions; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p gastown`;
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', program]);
    const lines = stdout.trim().split('\n');
    expect([typed, lines.slice(0, -1)]).toEqual([typed, candidates]);
    expect(lines.at(-1)).toContain('-F _gastown_completions gastown');
  }
}, 30_000);

it('finds the installation of this machine by its directory, and says when it is gone', async () => {
  const local = { apiUrl: 'http://127.0.0.1:9', token: 'x' };
  await writeFile(join(folder, 'local.json'), JSON.stringify(local));
  const gone = await gastown(['doctor', '--data-dir', folder]);
  expect([gone.code, gone.out]).toEqual([1, expect.stringContaining('npm start')]);
  await writeFile(join(folder, 'local.json'), '{}');
  const broken = await gastown(['status', '--data-dir', folder]);
  expect([broken.code, broken.error]).toEqual([2, expect.stringContaining('local.json')]);
}, 30_000);

it('prints its version and its help', async () => {
  const version = await gastown(['--version']);
  expect([version.code, version.out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  const help = await gastown(['convoy', 'create', '--help']);
  expect([help.code, help.error, help.out]).toEqual([0, '', expect.stringContaining('Examples:')]);
}, 30_000);
