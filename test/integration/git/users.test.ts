import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeTokenFile } from '../../../task-image/agents/token-file.ts';
import { gatewayDirectory } from '../../../task-image/git/gateway.ts';
import { saveWorkInProgress } from '../../../task-image/git/save-work.ts';
import { prepareAgentWorktree } from '../../../task-image/git/worktree.ts';
import { runGate } from '../../../task-image/jobs/gate.ts';
import { endProcessesOf, giveTo, type ProcessUser } from '../../../task-image/process/process-user.ts';
import { createProcessUsers } from '../../../task-image/process/process-users.ts';
import { createTown, eventually, isRunning, mustGit, type Town } from './fixture.ts';

/** What a task's users keep from each other. Only root may choose users: without it there is nothing to look at. */
const isRoot = process.getuid?.() === 0;

/** By git, or by the file system that it writes to. */
const REFUSED_PUSH = /dubious ownership|ermission denied|unable to create/;

/** As an agent's tool runs a command. */
async function runAs(user: ProcessUser | undefined, cwd: string, script: string) {
  const { exitCode, all } = await execa('/bin/sh', ['-c', script], {
    ...user,
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    extendEnv: false,
    reject: false,
    all: true,
    timeout: 20_000,
  });
  return { exitCode, all };
}

describe.skipIf(!isRoot)('an agent of a task', () => {
  const users = createProcessUsers({ first: 20_000, last: 20_099 });
  const toast = users.ofAgent('toast');
  const other = users.ofAgent('other');
  let town: Town;
  let directory: string;
  const worktreeOf = (agentId: string): string => join(town.workDir, 'agents', agentId, 'worktree');
  const prepare = (agentId: string, coauthor?: { name: string; email: string }) =>
    prepareAgentWorktree({
      mirror: town.mirror,
      agentId,
      agentName: agentId,
      branch: `gt/${agentId}/1`,
      base: 'main',
      createBaseFrom: 'main',
      directory: worktreeOf(agentId),
      user: users.ofAgent(agentId),
      ...(coauthor === undefined ? {} : { identity: { author: coauthor, coauthor } }),
    });

  beforeAll(async () => {
    town = await createTown();
    // As it is in a container: whoever is there may look around.
    await chmod(town.root, 0o755);
    await prepare('other');
    ({ directory } = await prepare('toast'));
    for (const [agentId, user] of [
      ['toast', toast],
      ['other', other],
    ] as const) {
      const home = join(town.workDir, 'agents', agentId, 'home');
      await mkdir(home, { mode: 0o700 });
      await giveTo(user, home);
      await writeTokenFile(join(home, '..', 'token'), `token-of-${agentId}`, user);
    }
    await writeFile(join(town.root, 'of-the-supervisor'), 'as it was', { mode: 0o600 });
  });
  afterAll(async () => {
    for (const user of [toast, other]) await endProcessesOf(user);
    await town.remove();
  });

  test('works with its own: it commits, pushes its branch, reads its token', async () => {
    const script =
      'echo a > a.txt && git add a.txt && git commit -qm A && git push -q origin HEAD && cat ../token && echo && id -u';
    const done = await runAs(toast, directory, script);
    expect(done).toEqual({ exitCode: 0, all: `token-of-toast\n${toast?.uid}` });
    await town.mirror.fetch();
    expect(await mustGit(town.mirror.directory, 'log', '-1', '--format=%s', 'gt/toast/1')).toBe('A');
  });

  test.each<{ what: string; script: (town: Town) => string; says: RegExp }>([
    {
      what: 'pushes to the default branch',
      script: () => 'git push origin HEAD:main',
      says: /your own branch only/,
    },
    {
      what: "pushes to another bead's branch",
      script: () => 'git push origin HEAD:gt/other/1',
      says: /your own branch only/,
    },
    {
      what: 'pushes to the mirror',
      script: ({ mirror }) => `git push ${mirror.directory} HEAD:refs/heads/gt/other/1`,
      says: REFUSED_PUSH,
    },
    {
      what: 'pushes to the mirror, whoever owns it',
      script: ({ mirror }) =>
        `git config --global safe.directory '*' && git push ${mirror.directory} HEAD:refs/heads/gt/other/1`,
      says: REFUSED_PUSH,
    },
    {
      what: "pushes to another agent's gateway",
      script: ({ mirror }) => `git push ${gatewayDirectory(mirror.home, 'other')} HEAD:gt/other/1`,
      says: REFUSED_PUSH,
    },
    {
      what: 'pushes to the remote',
      script: ({ remote }) => `git push ${remote} HEAD:main`,
      says: REFUSED_PUSH,
    },
    {
      what: 'gives itself another branch to push',
      script: ({ mirror }) =>
        `echo main > ${join(gatewayDirectory(mirror.home, 'toast'), '..', 'push-branch')}`,
      says: /ermission/,
    },
    {
      what: 'puts another gateway in place of its own',
      script: ({ mirror }) =>
        `mv ${gatewayDirectory(mirror.home, 'toast')} ${gatewayDirectory(mirror.home, 'toast')}-old`,
      says: /ermission/,
    },
    {
      what: "reads another agent's token",
      script: ({ workDir }) => `cat ${join(workDir, 'agents', 'other', 'token')}`,
      says: /ermission/,
    },
    {
      what: "looks into another agent's home",
      script: ({ workDir }) => `ls ${join(workDir, 'agents', 'other', 'home')}`,
      says: /ermission/,
    },
    {
      what: "writes into another agent's worktree",
      script: ({ workDir }) => `echo x > ${join(workDir, 'agents', 'other', 'worktree', 'x')}`,
      says: /ermission/,
    },
    {
      what: 'replaces its own token file, which the supervisor writes to',
      script: () => 'ln -sf /etc/passwd ../token.new && mv ../token.new ../token',
      says: /ermission/,
    },
    {
      what: "reads the supervisor's environment",
      script: () => `cat /proc/${process.pid}/environ`,
      says: /ermission/,
    },
    {
      what: 'reads a file of the supervisor',
      script: ({ root }) => `cat ${join(root, 'of-the-supervisor')}`,
      says: /ermission/,
    },
    { what: 'ends the supervisor', script: () => `kill -KILL ${process.pid}`, says: /ermitted/ },
    { what: 'becomes somebody else', script: () => `setpriv --reuid=${other?.uid} id`, says: /ermitted/ },
  ])('is refused when it $what', async ({ script, says }) => {
    const before = await town.mirror.exclusive((repository) => repository.refs('refs/heads/'));
    const { exitCode, all } = await runAs(toast, directory, script(town));
    expect(all).toMatch(says);
    expect(exitCode).not.toBe(0);
    expect(await town.mirror.exclusive((repository) => repository.refs('refs/heads/'))).toEqual(before);
  });

  test('gains nothing by what it leaves where the supervisor will write and run git', async () => {
    const trap = [
      'rm -f .git/hooks/prepare-commit-msg && mkdir -p .git/hooks',
      `ln -s ${join(town.root, 'of-the-supervisor')} .git/hooks/prepare-commit-msg`,
      `git config core.fsmonitor 'id -u >> ${directory}/ran-as; false'`,
      'printf "#!/bin/sh\\nid -u >> %s/ran-as\\n" "$PWD" > .git/hooks/pre-push && chmod +x .git/hooks/pre-push',
      `cd ${gatewayDirectory(town.mirror.home, 'toast')}`,
      `rm -f hooks/update && ln -s ${join(town.root, 'of-the-supervisor')} hooks/update`,
      `git config core.fsmonitor 'id -u >> ${directory}/ran-as; false'`,
      `git config uploadpack.packObjectsHook 'id -u >> ${directory}/ran-as; exec'`,
    ];
    expect(await runAs(toast, directory, trap.join(' && '))).toEqual({ exitCode: 0, all: '' });
    expect((await prepare('toast', { name: 'Ada', email: 'ada@example.com' })).resumed).toBe(true);
    await writeFile(join(directory, 'left.txt'), 'left');
    await giveTo(toast, join(directory, 'left.txt'));
    const { mirror } = town;
    const saved = { mirror, agentName: 'toast', branch: 'gt/toast/1', directory, user: toast };
    expect(await saveWorkInProgress(saved)).toBe('committed');
    expect(await readFile(join(town.root, 'of-the-supervisor'), 'utf8')).toBe('as it was');
    const ranAs = await readFile(join(directory, 'ran-as'), 'utf8').catch(() => '');
    expect(new Set(ranAs.split('\n').filter(Boolean))).toEqual(
      new Set(ranAs === '' ? [] : [`${toast?.uid}`]),
    );
    // The hook that says what to do is back, and it is the agent's: the branch is fixed beside it.
    const hook = join(gatewayDirectory(mirror.home, 'toast'), 'hooks', 'update');
    expect(await readFile(hook, 'utf8')).toContain('gastown:');
  });

  test('a gate is nobody: it sees no agent, and what it leaves running ends with it', async () => {
    const job = join(town.workDir, 'jobs', 'job-1');
    await mkdir(join(job, 'tree'), { recursive: true });
    const outcome = await users.forJob(async (user) => {
      await giveTo(user, join(job, 'tree'));
      const run = await runGate({
        command: `setsid sleep 333 & echo $! > left-pid; id -u; cat ${join(town.workDir, 'agents', 'other', 'token')}; exit 3`,
        directory: join(job, 'tree'),
        scratch: join(job, 'gate-1'),
        timeoutMs: 20_000,
        secrets: [],
        signal: new AbortController().signal,
        user,
      });
      expect((await stat(join(job, 'tree', 'left-pid'))).uid).toBe(user?.uid);
      return run;
    });
    expect(outcome).toMatchObject({ outcome: 'failed', exitCode: 3 });
    expect('outputTail' in outcome ? outcome.outputTail : '').toMatch(/^2000\d\n.*ermission denied/);
    const pid = Number(await readFile(join(job, 'tree', 'left-pid'), 'utf8'));
    expect(await eventually(async () => !(await isRunning(pid)))).toBe(true);
  });

  test('ending what runs as a user ends all of that, and nothing else', async () => {
    const start = (user: ProcessUser | undefined) =>
      spawn('sleep', ['334'], { ...user, stdio: 'ignore', detached: true });
    const [mine, more, others] = [start(toast), start(toast), start(other)];
    await endProcessesOf(toast);
    expect(await eventually(async () => !(await isRunning(mine.pid ?? 0)))).toBe(true);
    expect(await eventually(async () => !(await isRunning(more.pid ?? 0)))).toBe(true);
    expect(await isRunning(others.pid ?? 0)).toBe(true);
    others.kill('SIGKILL');
  });
});

test('ids run out with an error that says so, and the same agent keeps its own', () => {
  const users = createProcessUsers({ first: 30_000, last: 30_003 });
  expect([users.ofAgent('a'), users.ofAgent('b'), users.ofAgent('a')].map((user) => user?.uid)).toEqual([
    30_002, 30_003, 30_002,
  ]);
  expect(() => users.ofAgent('c')).toThrow('the container has to be replaced');
});
