import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reconcile } from '../../core/reconcile.ts';
import { replay } from '../../core/replay/replay.ts';
import { ALL_INVARIANTS } from '../../core/invariants/all.ts';
import { ALL_RULES } from '../../core/rules/all.ts';
import { readRecording } from '../../local/replay/read-recording.ts';
import { GOLDEN_STORIES } from './stories.ts';

const golden = (name: string): string => fileURLToPath(new URL(`golden/${name}.jsonl.gz`, import.meta.url));
const BIN = fileURLToPath(new URL('../../bin/replay.ts', import.meta.url));

describe.each(GOLDEN_STORIES.map(({ name }) => name))('%s', (name) => {
  test('today’s core decides what was decided, in every step', async () => {
    const { steps, same, differences, skipped } = replay(await readRecording(golden(name)));
    expect(differences).toEqual([]);
    expect([...skipped]).toEqual([]);
    expect(same).toBe(steps);
    expect(steps).toBeGreaterThan(10);
  });

  test('a core without one of its rules is noticed', async () => {
    const rules = ALL_RULES.filter((rule) => rule.name !== 'bead/dispatch');
    const { differences } = replay(await readRecording(golden(name)), (town, facts, now, ids) =>
      reconcile(town, facts, now, ids, { rules, invariants: ALL_INVARIANTS }),
    );
    expect(differences.filter(({ was }) => was?.rule === 'bead/dispatch').length).toBeGreaterThan(0);
  });
});

describe('npm run replay', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gastown-replay-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const run = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', BIN, ...args],
      { reject: false, timeout: 30_000 },
    );
    return { exitCode, stdout, stderr };
  };
  const file = async (name: string, change: (text: string) => string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, change(gunzipSync(await readFile(golden('convoy-lands'))).toString()));
    return path;
  };

  test('a file whose steps all decide the same: 0', async () => {
    const { exitCode, stdout } = await run(golden('convoy-lands'));
    expect(stdout).toMatch(/^(\d+) steps: \1 decide the same, 0 differ, 0 were not taken again$/);
    expect(exitCode).toBe(0);
  });

  test('what differs is shown, what was and what is: 1', async () => {
    const path = await file('other.jsonl', (text) =>
      text.replace('takes it, attempt 1', 'took it, attempt 1'),
    );
    const { exitCode, stdout } = await run(path);
    expect(stdout).toContain('  was: bead ');
    expect(stdout).toMatch(
      /was: .* took it, attempt 1 \(bead\/dispatch\)\n {2}is: {2}.* takes it, attempt 1/,
    );
    expect(stdout).toMatch(/, 1 differ, 0 were not taken again$/);
    expect(exitCode).toBe(1);
    const json = await run(path, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ differences: [{ was: { rule: 'bead/dispatch' } }] });
  });

  test('steps before one whose log does not say what it was decided on are not taken again, and that is said', async () => {
    const path = await file('short.jsonl', (text) => {
      const lines = text.split('\n');
      const logs = lines.flatMap((line, place) => (line.startsWith('{"section":"log"') ? [place] : []));
      const middle = logs[Math.floor(logs.length / 2)] ?? 0;
      lines[middle] = (lines[middle] ?? '').replace(/,"before":.*$/, '}}');
      return lines.join('\n');
    });
    const { exitCode, stdout } = await run(path);
    expect(stdout).toMatch(
      /\d+ steps were not taken again: the log of version \d+ does not say what was before it/,
    );
    expect(stdout).toMatch(/[1-9]\d* decide the same, 0 differ, [1-9]\d* were not taken again$/);
    expect(exitCode).toBe(0);
  });

  test.each([
    { what: 'no file', args: ['/nowhere/at/all'], says: 'ENOENT' },
    { what: 'no name', args: [], says: '' },
    { what: 'an unknown option', args: ['x', '--fast'], says: "Unknown option '--fast'" },
  ])('$what: 2', async ({ args, says }) => {
    const { exitCode, stderr } = await run(...args);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
  });

  test('a file that is cut off: 2', async () => {
    const path = await file('cut.jsonl', (text) => text.slice(0, text.length / 2));
    const { exitCode, stderr } = await run(path);
    expect(stderr).toMatch(/line|cut off|JSON/);
    expect(exitCode).toBe(2);
  });
});
