import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { execa } from 'execa';
import { TASKS } from '../../local/demo/story.ts';
import { startDemo } from './demo-process.ts';
import type { KillMoment } from './kill-moments.ts';
import { allGone } from './processes.ts';

/** After kill -9 of local mode, everything that it started is gone within this time. */
const ORPHANS_END_MS = 5000;

async function git(remote: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await execa('git', args, { cwd: remote, reject: false, timeout: 30_000 });
  return stdout.split('\n').filter((line) => line !== '');
}

/**
 * Kills the demo by SIGKILL at a moment, starts it again, and checks what must hold: the same town finishes, every change
 * is merged once, no pushed commit is lost, and nothing is left running.
 */
export async function killAndResume(dataDir: string, moment: KillMoment): Promise<{ killedAt: string }> {
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(`${dataDir}.out`, { force: true });
  const remote = `${dataDir}/sample.git`;
  const { preload } = moment;
  const first = startDemo({ dataDir, timeoutSeconds: 300, ...(preload === undefined ? {} : { preload }) });
  await moment.wait?.(first, dataDir);
  if (moment.wait !== undefined) first.child.kill('SIGKILL');
  const { signal, code } = await first.exited;
  const killedAt = first.output().trimEnd().split('\n').at(-1) ?? '';
  assert.equal(signal, 'SIGKILL', `the demo ended by itself, with ${code}:\n${first.output()}`);
  await allGone(dataDir, ORPHANS_END_MS);
  const pushed = await git(remote, 'rev-list', '--all');

  const second = startDemo({ dataDir, timeoutSeconds: 400, args: ['--resume'] });
  const end = await second.exited;
  assert.equal(end.code, 0, `the demo did not finish after it was killed:\n${second.output()}`);
  await allGone(dataDir, ORPHANS_END_MS);

  const landed = new Set(await git(remote, 'rev-list', 'main'));
  const lost = pushed.filter((sha) => !landed.has(sha));
  assert.deepEqual(lost, [], 'commits that were on the remote when it was killed are not on main');
  for (const { title } of TASKS) {
    const merges = await git(
      remote,
      'log',
      '--merges',
      '--fixed-strings',
      `--grep=Merge: ${title}`,
      '--format=%h',
      'main',
    );
    assert.equal(merges.length, 1, `"${title}" was merged ${merges.length} times`);
  }
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(`${dataDir}.out`, { force: true });
  return { killedAt };
}
