import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckJob } from '../../../core/protocol/job.ts';
import { runCheck } from '../../../task-image/jobs/check.ts';
import { runMerge } from '../../../task-image/jobs/merge.ts';
import { commitFile, createTown, mustGit, type Town } from './fixture.ts';

let town: Town;
let job: CheckJob & { headSha: string };

beforeAll(async () => {
  town = await createTown();
  const headSha = await town.work('toast', 'gt/toast/1', 'src/b.ts');
  await town.mirror.fetch();
  job = {
    kind: 'check',
    jobId: 'check',
    rigId: 'rig-1',
    mergeRequestId: 'mr-last',
    title: 'Add b',
    branch: 'gt/toast/1',
    headSha,
    target: 'main',
    gates: [],
    gateTimeoutSeconds: 20,
  };
});
afterAll(() => town.remove());

describe('a batch', () => {
  /** A branch from the head that was checked before, with one more file. */
  async function another(
    id: string,
    file: string,
  ): Promise<{ title: string; headSha: string; mergeRequestId: string }> {
    const { directory } = await town.agent(id, `gt/${id}/9`);
    const sha = await commitFile(directory, file, `${id}\n`);
    await mustGit(directory, 'push', '--quiet');
    await town.mirror.fetch();
    return { title: `Add ${file}`, headSha: sha, mergeRequestId: `mr-${id}` };
  }

  test('is merged one onto the other, its gates see all of it, and each merges as it was checked', async () => {
    const [first, second] = [await another('one', 'one.txt'), await another('two', 'two.txt')];
    const target = await town.remoteRef('main');
    const gates = ['test -f one.txt && test -f two.txt && test -f src/b.ts'];
    const result = await runCheck({ ...job, gates, ahead: [first, second] }, town.context);
    if (result.outcome !== 'passed' || result.ahead === undefined) throw new Error(JSON.stringify(result));
    const [one, two] = result.ahead;
    expect(one).toMatchObject({ mergeRequestId: 'mr-one', targetSha: target });
    expect(two).toMatchObject({ mergeRequestId: 'mr-two', targetSha: one?.candidateSha });
    expect(result.targetSha).toBe(two?.candidateSha);
    // Crashed and run again, it makes the same commits.
    expect(await runCheck({ ...job, ahead: [first, second] }, town.context)).toEqual(result);
    const merges = [
      { ...first, ...one },
      { ...second, ...two },
      { ...result, mergeRequestId: job.mergeRequestId, title: job.title },
    ];
    for (const { mergeRequestId, headSha: head, targetSha = '', candidateSha = '' } of merges) {
      const merge = { kind: 'merge', jobId: `m-${mergeRequestId}`, rigId: 'rig-1', target: 'main' } as const;
      const merged = await runMerge(
        { ...merge, mergeRequestId, headSha: head, targetSha, candidateSha },
        town.context,
      );
      expect(merged).toEqual({ outcome: 'merged', mergeSha: candidateSha });
    }
    expect(await town.remoteRef('main')).toBe(result.candidateSha);
  });

  test('with one that is merged already goes on from the target', async () => {
    const target = (await town.remoteRef('main')) ?? '';
    const merged = { mergeRequestId: 'mr-old', title: 'Old', headSha: target };
    const next = await another('three', 'three.txt');
    const result = await runCheck({ ...job, ...next, ahead: [merged] }, town.context);
    expect(result).toMatchObject({
      outcome: 'passed',
      ahead: [{ mergeRequestId: 'mr-old', targetSha: target, candidateSha: target }],
      targetSha: target,
    });
  });

  test('says which of those ahead conflicts, and which commit is not there', async () => {
    const { directory } = await town.agent('four', 'gt/four/9');
    await town.colleague('main', 'src/four.ts', 'theirs\n');
    const mine = await commitFile(directory, 'src/four.ts', 'mine\n');
    await mustGit(directory, 'push', '--quiet');
    await town.mirror.fetch();
    const next = await another('five', 'five.txt');
    const bad = { mergeRequestId: 'mr-four', title: 'Four', headSha: mine };
    expect(await runCheck({ ...job, ...next, ahead: [bad] }, town.context)).toEqual({
      outcome: 'conflict',
      files: ['src/four.ts'],
      mergeRequestId: 'mr-four',
    });
    const gone = { ...bad, headSha: '1'.repeat(40) };
    expect(await runCheck({ ...job, ...next, ahead: [gone] }, town.context)).toMatchObject({
      outcome: 'error',
      code: 'head_missing',
    });
  });
});
