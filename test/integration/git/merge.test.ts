import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MergeJob } from '../../../core/protocol/job.ts';
import { runCheck } from '../../../task-image/jobs/check.ts';
import { runMerge } from '../../../task-image/jobs/merge.ts';
import { runVerify } from '../../../task-image/jobs/verify.ts';
import { createTown, mustGit, type Town } from './fixture.ts';

let town: Town;
let job: MergeJob;

const BRANCH = 'gt/toast/1';

beforeEach(async () => {
  town = await createTown();
  const headSha = await town.work('toast', BRANCH, 'src/a.ts');
  const ids = { rigId: 'rig-1', branch: BRANCH };
  const verify = { kind: 'verify', jobId: 'v', base: 'main', ...ids } as const;
  await runVerify({ ...verify, foreignBranches: [] }, town.context);
  const check = {
    kind: 'check',
    jobId: 'c',
    mergeRequestId: 'mr-1',
    title: 'Add a',
    headSha,
    ...ids,
  } as const;
  const gates = { target: 'main', gates: [], gateTimeoutSeconds: 5 };
  const passed = await runCheck({ ...check, ...gates }, town.context);
  if (passed.outcome !== 'passed') throw new Error(passed.outcome);
  const { targetSha, candidateSha } = passed;
  const merge = {
    kind: 'merge',
    jobId: 'm',
    rigId: 'rig-1',
    mergeRequestId: 'mr-1',
    target: 'main',
  } as const;
  job = { ...merge, headSha, targetSha, candidateSha };
});
afterEach(() => town.remove());

async function hookOfRemote(text: string): Promise<void> {
  const hook = join(town.remote, 'hooks', 'pre-receive');
  await mkdir(join(town.remote, 'hooks'), { recursive: true });
  await writeFile(hook, `#!/bin/sh\n${text}\n`);
  await chmod(hook, 0o755);
}

describe('merge', () => {
  test('makes the candidate the target; again, later and elsewhere it says the same', async () => {
    const merged = { outcome: 'merged', mergeSha: job.candidateSha };
    expect(await runMerge(job, town.context)).toEqual(merged);
    expect(await town.remoteRef('main')).toBe(job.candidateSha);
    expect(await mustGit(town.mirror.directory, 'for-each-ref', 'refs/gastown/candidates')).toBe('');
    expect(await runMerge(job, town.context)).toEqual(merged);
    await town.colleague('main', 'NEWS.md', 'news\n');
    expect(await runMerge(job, town.context)).toEqual(merged);
    expect(await runMerge(job, (await town.anotherDisk()).context)).toEqual(merged);
  });

  test('finds a head that somebody merged in another way', async () => {
    await mustGit(town.remote, 'update-ref', 'refs/heads/main', job.headSha);
    expect(await runMerge(job, town.context)).toEqual({ outcome: 'merged', mergeSha: job.headSha });
  });

  test('is stale when the target has moved', async () => {
    const moved = await town.colleague('main', 'NEWS.md', 'news\n');
    expect(await runMerge(job, town.context)).toEqual({ outcome: 'stale', reason: 'target_moved' });
    expect(await town.remoteRef('main')).toBe(moved);
  });

  test('is stale when the candidate was lost with its container', async () => {
    const later = await town.anotherDisk();
    expect(await runMerge(job, later.context)).toEqual({ outcome: 'stale', reason: 'candidate_missing' });
    expect(await town.remoteRef('main')).toBe(job.targetSha);
  });

  test('takes only the merge of the evaluated head and target', async () => {
    const result = await runMerge({ ...job, candidateSha: job.headSha }, town.context);
    expect(result).toMatchObject({ outcome: 'error', code: 'candidate_mismatch' });
    expect(await town.remoteRef('main')).toBe(job.targetSha);
  });

  // The remote changes between the job's fetch and its push: its hook does that.
  const move = (sha: string): string => `unset GIT_QUARANTINE_PATH; git update-ref refs/heads/main ${sha}`;
  test.each([
    [
      'somebody else pushed: stale',
      (other: string) => move(other),
      { outcome: 'stale', reason: 'target_moved' },
    ],
    ['somebody else merged the head', () => move(job.headSha), { outcome: 'merged' }],
    ['the branch is protected', () => 'exit 1', { outcome: 'error', code: 'push_rejected' }],
  ])('a refused push is decided by what the remote has: %s', async (_what, hook, expected) => {
    const other = await town.colleague('main', 'NEWS.md', 'news\n');
    await mustGit(town.remote, 'update-ref', 'refs/heads/other', other);
    await mustGit(town.remote, 'update-ref', 'refs/heads/main', job.targetSha);
    await hookOfRemote(hook(other));
    expect(await runMerge(job, town.context)).toMatchObject(expected);
    await rm(join(town.remote, 'hooks'), { recursive: true });
  });
});
