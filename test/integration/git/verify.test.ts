import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VerifyJob } from '../../../core/protocol/job.ts';
import { runVerify } from '../../../task-image/jobs/verify.ts';
import { createTown, mustGit, type Town } from './fixture.ts';

let town: Town;
beforeEach(async () => {
  town = await createTown();
});
afterEach(() => town.remove());

const OWN = 'gt/toast/1';
const OTHER = 'gt/crumb/2';
const job: VerifyJob = {
  kind: 'verify',
  jobId: 'verify-1',
  rigId: 'rig-1',
  branch: OWN,
  base: 'main',
  foreignBranches: [OTHER],
};

async function pushFrom(agent: string, branch: string, ...before: string[][]): Promise<void> {
  const { directory } = await town.agent(agent, branch);
  for (const args of before) await mustGit(directory, ...args);
  await mustGit(directory, 'push', '--quiet', 'origin', `HEAD:${branch}`);
}

/** The agent gets at another bead's commits the way it could: through the objects it shares. */
async function otherWork(): Promise<string> {
  const sha = await town.work('crumb', OTHER, 'src/other.ts');
  await town.mirror.fetch();
  return sha;
}

describe('a claim is refused', () => {
  test.each([
    ['branch_missing', 'never pushed', async () => {}],
    ['no_commits', 'no commit beyond', () => pushFrom('toast', OWN)],
    [
      'foreign_commits',
      `of ${OTHER}`,
      async () => {
        const sha = await otherWork();
        await pushFrom('toast', OWN, ['merge', '--quiet', '--no-edit', sha]);
      },
    ],
    [
      'foreign_commits',
      `of ${OTHER}`,
      async () => {
        const sha = await otherWork();
        await pushFrom('toast', OWN, ['reset', '--quiet', '--hard', sha]);
        await town.work('toast', OWN, 'src/a.ts');
      },
    ],
  ])('%s: it says "%s"', async (reason, says, given) => {
    await given();
    const result = await runVerify(job, town.context);
    expect(result).toMatchObject({ outcome: 'refused', reason, detail: expect.stringContaining(says) });
    expect(await town.remoteRef(`refs/heads/${OWN}`)).toBeNull();
  });

  test('also when the foreign branch is known only from its backup or the remote', async () => {
    const sha = await otherWork();
    await town.mirror.backUp(OTHER);
    const later = await town.anotherDisk();
    const { directory } = await later.agent('toast', OWN);
    await mustGit(directory, 'reset', '--quiet', '--hard', sha);
    await mustGit(directory, 'push', '--quiet');
    expect(await runVerify(job, later.context)).toMatchObject({ reason: 'foreign_commits' });
  });
});

describe('a claim that holds', () => {
  test('is published, its backup deleted; again gives the same, also on a new disk', async () => {
    await town.work('toast', OWN, 'src/a.ts');
    const head = await town.work('toast', OWN, 'src/b.ts');
    await town.mirror.fetch();
    await town.mirror.backUp(OWN);
    const verified = { outcome: 'verified', headSha: head, commits: 2 };
    expect(await runVerify(job, town.context)).toEqual(verified);
    expect(await town.remoteRef(`refs/heads/${OWN}`)).toBe(head);
    expect(await town.remoteRef(`refs/gastown/wip/${OWN}`)).toBeNull();
    expect(await runVerify(job, town.context)).toEqual(verified);
    expect(await runVerify(job, (await town.anotherDisk()).context)).toEqual(verified);
  });

  test('is found in the backup when the container that had it is lost', async () => {
    const head = await town.work('toast', OWN, 'src/a.ts');
    await town.mirror.fetch();
    await town.mirror.backUp(OWN);
    const later = await town.anotherDisk();
    expect(await runVerify(job, later.context)).toMatchObject({ outcome: 'verified', headSha: head });
    expect(await town.remoteRef(`refs/gastown/wip/${OWN}`)).toBeNull();
  });

  test('is not spoiled by another bead that took its commits', async () => {
    const head = await town.work('toast', OWN, 'src/a.ts');
    await town.mirror.fetch();
    // Cut from it, not only merged: both lines hold the commit.
    await pushFrom('crumb', OTHER, ['reset', '--quiet', '--hard', head]);
    await town.work('crumb', OTHER, 'src/other.ts');
    const mine = await runVerify(job, town.context);
    expect(mine).toMatchObject({ outcome: 'verified', headSha: head });
    const theirs = await runVerify({ ...job, branch: OTHER, foreignBranches: [OWN] }, town.context);
    expect(theirs).toMatchObject({ outcome: 'refused', reason: 'foreign_commits' });
  });
});

describe('what the remote says is an error, not a refusal', () => {
  test('the remote branch has diverged', async () => {
    await town.work('toast', OWN, 'src/a.ts');
    await mustGit(town.remote, 'update-ref', `refs/heads/${OWN}`, 'main');
    await town.colleague(OWN, 'NEWS.md', 'news\n');
    expect(await runVerify(job, town.context)).toMatchObject({ outcome: 'error', code: 'remote_diverged' });
  });

  test('the base is gone', async () => {
    await town.work('toast', OWN, 'src/a.ts');
    const result = await runVerify({ ...job, base: 'convoy/gone' }, town.context);
    expect(result).toMatchObject({ outcome: 'error', code: 'base_missing' });
  });

  test('the remote takes no push', async () => {
    await town.work('toast', OWN, 'src/a.ts');
    const hook = join(town.remote, 'hooks', 'pre-receive');
    await mkdir(join(town.remote, 'hooks'), { recursive: true });
    await writeFile(hook, '#!/bin/sh\necho "branch names must begin with team/" >&2\nexit 1\n');
    await chmod(hook, 0o755);
    expect(await runVerify(job, town.context)).toMatchObject({
      code: 'push_rejected',
      message: expect.stringContaining('must begin with team/'),
    });
  });
});
