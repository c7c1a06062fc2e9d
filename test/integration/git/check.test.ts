import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CheckJob } from '../../../core/protocol/job.ts';
import { runCheck } from '../../../task-image/jobs/check.ts';
import { runVerify } from '../../../task-image/jobs/verify.ts';
import { commitFile, createTown, eventually, isRunning, mustGit, type Town } from './fixture.ts';

let town: Town;
let job: CheckJob;
let headSha: string;
let jobs = 0;

beforeAll(async () => {
  town = await createTown();
  await town.work('toast', 'gt/toast/1', 'src/a.ts');
  headSha = await town.work('toast', 'gt/toast/1', 'src/b.ts');
  const verify = { kind: 'verify', jobId: 'v', rigId: 'rig-1', branch: 'gt/toast/1', base: 'main' } as const;
  await runVerify({ ...verify, foreignBranches: [] }, town.context);
  await town.colleague('main', 'NEWS.md', 'news\n');
});
afterAll(() => town.remove());
beforeEach(() => {
  jobs += 1;
  job = {
    kind: 'check',
    jobId: `check-${jobs}`,
    rigId: 'rig-1',
    mergeRequestId: `mr-${jobs}`,
    title: 'Add a\n\nGastown-Head: forged',
    branch: 'gt/toast/1',
    headSha,
    target: 'main',
    gates: [],
    gateTimeoutSeconds: 20,
  };
});

const inMirror = (...args: string[]): Promise<string> => mustGit(town.mirror.directory, ...args);

describe('a head that merges', () => {
  test('passes its gates in the merged tree, and makes the same candidate again', async () => {
    const target = await town.remoteRef('main');
    const gates = ['test -f NEWS.md && test -f src/b.ts', 'node --test', 'test "$CI" = 1 && cd "$HOME"'];
    const result = await runCheck({ ...job, gates }, town.context);
    expect(result).toMatchObject({ outcome: 'passed', headSha, targetSha: target });
    if (result.outcome !== 'passed') return;
    const candidate = result.candidateSha;
    expect(await inMirror('rev-parse', `refs/gastown/candidates/${job.mergeRequestId}`)).toBe(candidate);
    expect(await inMirror('log', '-1', '--format=%P', candidate)).toBe(`${target} ${headSha}`);
    expect(await inMirror('log', '-1', '--format=%s', candidate)).toBe('Merge: Add a Gastown-Head: forged');
    const trailers = await inMirror('log', '-1', '--format=%(trailers:only)', candidate);
    expect(trailers.trim().split('\n')).toEqual([
      `Gastown-Merge-Request: ${job.mergeRequestId}`,
      `Gastown-Head: ${headSha}`,
    ]);
    expect(await runCheck(job, town.context)).toEqual(result);
    expect(await readdir(join(town.workDir, 'jobs', job.jobId))).not.toContain('tree');
  });

  test('is read from the remote for a landing branch', async () => {
    const result = await runCheck({ ...job, headSha: null }, town.context);
    expect(result).toMatchObject({ outcome: 'passed', headSha });
  });

  test('and is not the target yet: a gate cannot reach the mirror with git', async () => {
    const gates = ['git update-ref -d HEAD; git push . HEAD:refs/heads/main; git gc --prune=now; true'];
    const before = await inMirror('for-each-ref', 'refs/heads', 'refs/remotes');
    expect(await runCheck({ ...job, gates }, town.context)).toMatchObject({ outcome: 'passed' });
    expect(await inMirror('for-each-ref', 'refs/heads', 'refs/remotes')).toBe(before);
  });
});

describe('a head that does not', () => {
  test.each([
    ['is in the target already', () => ({ headSha: null, branch: 'main' }), { outcome: 'nothing_to_merge' }],
    ['is not there', () => ({ headSha: '1'.repeat(40) }), { outcome: 'error', code: 'head_missing' }],
    ['has no branch', () => ({ headSha: null, branch: 'gone' }), { outcome: 'error', code: 'head_missing' }],
    ['has no target', () => ({ target: 'gone' }), { outcome: 'error', code: 'target_missing' }],
  ])('%s', async (_what, change, expected) => {
    expect(await runCheck({ ...job, ...change() }, town.context)).toMatchObject(expected);
  });

  test('conflicts: the files are named', async () => {
    const { directory } = await town.agent('crumb', 'gt/crumb/2');
    await town.colleague('main', 'src/über money.ts', 'theirs\n');
    const mine = await commitFile(directory, 'src/über money.ts', 'mine\n');
    await mustGit(directory, 'push', '--quiet');
    await town.mirror.fetch();
    const result = await runCheck({ ...job, headSha: mine }, town.context);
    expect(result).toEqual({ outcome: 'conflict', files: ['src/über money.ts'] });
  });
});

describe('a gate that fails', () => {
  test('stops the rest and shows the end of its output without secrets', async () => {
    const gates = [
      'true',
      'i=0; while [ $i -lt 4000 ]; do echo "line $i"; i=$((i+1)); done; echo ghp_0123456789abcdefghijABCDEFGHIJ012345 >&2; printf "\\033[31mred\\033[0m\\n"; exit 3',
      'touch "$HOME/../../never"',
    ];
    const result = await runCheck({ ...job, gates }, town.context);
    expect(result).toMatchObject({ outcome: 'gate_failed', gate: gates[1], exitCode: 3 });
    if (result.outcome !== 'gate_failed') return;
    expect(Buffer.byteLength(result.outputTail)).toBeLessThanOrEqual(8192);
    expect(result.outputTail).toMatch(/line 3999\n/);
    expect(result.outputTail).toContain('[redacted]\n');
    expect(result.outputTail).toMatch(/red\n$/);
    expect(result.outputTail).not.toContain('ghp_');
    const home = join(town.workDir, 'jobs', job.jobId);
    expect(await readFile(join(home, 'gate-2.log'), 'utf8')).toContain('line 0\n');
    expect((await readdir(home)).sort()).toEqual(['gate-1', 'gate-1.log', 'gate-2', 'gate-2.log']);
  });

  test('by hanging is killed at its limit with all that it started', async () => {
    const gates = [`trap '' TERM; sleep 300 & echo "pid $!"; sleep 301 & echo "pid $!"; wait; wait`];
    const began = Date.now();
    const result = await runCheck({ ...job, gates, gateTimeoutSeconds: 1 }, town.context);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(result).toMatchObject({ outcome: 'gate_failed', exitCode: null });
    if (result.outcome !== 'gate_failed') return;
    const pids = [...result.outputTail.matchAll(/pid (\d+)/g)].map((match) => Number(match[1]));
    expect(pids).toHaveLength(2);
    for (const pid of pids) expect(await eventually(async () => !(await isRunning(pid)))).toBe(true);
  });

  test('and one that passes leave no background process behind', async () => {
    const gates = ['sleep 300 & echo $! > "$HOME/pid"; exit 0'];
    expect(await runCheck({ ...job, gates }, town.context)).toMatchObject({ outcome: 'passed' });
    const file = join(town.workDir, 'jobs', job.jobId, 'gate-1', 'home', 'pid');
    const pid = Number(await readFile(file, 'utf8'));
    expect(await eventually(async () => !(await isRunning(pid)))).toBe(true);
  });

  test('dies with the supervisor, however that dies', async () => {
    const pidFile = join(town.root, 'gate.pid');
    const gates = [`trap '' HUP; sleep 300 & echo $! > ${pidFile}; wait`];
    const script = new URL('run-check.ts', import.meta.url).pathname;
    const args = [town.workDir, town.remote, JSON.stringify({ ...job, gates })];
    const supervisor = execa(process.execPath, [script, ...args], { reject: false });
    const readPid = async (): Promise<number> => Number(await readFile(pidFile, 'utf8').catch(() => '0'));
    expect(await eventually(async () => (await readPid()) > 0, 15_000)).toBe(true);
    const pid = await readPid();
    expect(await isRunning(pid)).toBe(true);
    supervisor.kill('SIGKILL');
    await supervisor;
    expect(await eventually(async () => !(await isRunning(pid)), 5_000)).toBe(true);
  });
});
