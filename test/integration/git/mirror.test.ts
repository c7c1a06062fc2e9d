import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchBranch } from '../../../task-image/git/branch-watch.ts';
import { openMirror } from '../../../task-image/git/mirror.ts';
import { saveWorkInProgress } from '../../../task-image/git/save-work.ts';
import { prepareAgentWorktree, removeWorktree } from '../../../task-image/git/worktree.ts';
import { commitFile, createTown, eventually, mustGit, type Town } from './fixture.ts';

let town: Town;
beforeEach(async () => {
  town = await createTown();
});
afterEach(() => town.remove());

const rig = (gitUrl: string) => ({ rigId: 'rig-2', gitUrl, defaultBranch: 'main' });

describe('openMirror', () => {
  test('gives an empty repository a first commit', async () => {
    const empty = join(town.root, 'empty.git');
    await mkdir(empty);
    await mustGit(empty, 'init', '--quiet', '--bare', '.');
    await openMirror({ workDir: town.workDir, rig: rig(empty), allowLocal: true });
    expect(await mustGit(empty, 'ls-tree', 'main')).toBe('');
    expect(await mustGit(empty, 'rev-list', '--count', 'main')).toBe('1');
  });

  test('makes a clone again that was cut short, and a directory that is none', async () => {
    const home = join(town.workDir, 'rigs', 'rig-2');
    await mkdir(join(home, 'mirror.git.partial', 'objects'), { recursive: true });
    await mkdir(join(home, 'mirror.git'), { recursive: true });
    await writeFile(join(home, 'mirror.git', 'HEAD'), 'garbage');
    const mirror = await openMirror({ workDir: town.workDir, rig: rig(town.remote), allowLocal: true });
    const refs = await mustGit(mirror.directory, 'for-each-ref', '--format=%(refname)');
    expect(refs).toBe('refs/remotes/origin/main');
  });

  test.each([
    ['an address that is not allowed', { gitUrl: 'git@github.com:a/b.git' }, TypeError],
    ['an id that is a path', { rigId: '../x' }, TypeError],
    ['a remote that is not there', { gitUrl: '/nowhere/none.git' }, Error],
  ])('refuses %s', async (_what, change, kind) => {
    const spec = { ...rig(town.remote), ...change };
    await expect(openMirror({ workDir: town.workDir, rig: spec, allowLocal: true })).rejects.toThrow(kind);
  });
});

describe('the base branch', () => {
  test('is made once by two supervisors that race, and never moved', async () => {
    const other = await town.anotherDisk();
    const start = await town.remoteRef('main');
    await Promise.all([
      town.agent('polecat-1', 'convoy/x/gt/1', 'convoy/x/head'),
      other.agent('polecat-2', 'convoy/x/gt/2', 'convoy/x/head'),
    ]);
    expect(await town.remoteRef('convoy/x/head')).toBe(start);

    await town.colleague('main', 'NEWS.md', 'news\n');
    const late = await town.agent('polecat-3', 'convoy/x/gt/3', 'convoy/x/head');
    expect(late).toMatchObject({ startSha: start, resumed: false });
    expect(await town.remoteRef('convoy/x/head')).toBe(start);
  });

  test('cannot be made from a branch that is not there', async () => {
    const request = { mirror: town.mirror, agentId: 'polecat-1', agentName: 'Toast', branch: 'gt/1' };
    const directory = join(town.workDir, 'worktrees', 'polecat-1');
    const failing = prepareAgentWorktree({ ...request, base: 'x', createBaseFrom: 'y', directory });
    await expect(failing).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('pushed work', () => {
  test('is backed up as it is pushed and continued on a new disk', async () => {
    const onSaved = vi.fn<(sha: string) => void>();
    const watch = watchBranch({
      mirror: town.mirror,
      agentId: 'polecat-1',
      branch: 'gt/toast/1',
      intervalMs: 50,
      log: () => {},
      onSaved,
    });
    const first = await town.work('polecat-1', 'gt/toast/1', 'src/a.ts');
    const wip = 'refs/gastown/wip/gt/toast/1';
    expect(await eventually(async () => (await town.remoteRef(wip)) === first)).toBe(true);
    const second = await town.work('polecat-1', 'gt/toast/1', 'src/b.ts');
    expect(await eventually(async () => (await town.remoteRef(wip)) === second)).toBe(true);
    await watch.stop();
    expect(onSaved.mock.calls.map(([sha]) => sha)).toEqual([first, second]);
    expect(await mustGit(town.remote, 'branch', '--format=%(refname:short)')).toBe('main');

    const later = await town.anotherDisk();
    const resumed = await later.agent('polecat-9', 'gt/toast/1');
    expect(resumed).toMatchObject({ startSha: second, resumed: true });
    const third = await commitFile(resumed.directory, 'src/c.ts', 'export {};\n');
    await mustGit(resumed.directory, 'push', '--quiet');
    await later.mirror.fetch();
    await later.mirror.backUp('gt/toast/1');
    expect(await town.remoteRef(wip)).toBe(third);
  });

  test.each([
    ['the backup that is ahead of the branch', 'wip'],
    ['the branch that is ahead of the backup', 'origin'],
    ['the backup when both have diverged', 'diverged'],
  ] as const)('continues from %s', async (_what, ahead) => {
    const first = await town.work('polecat-1', 'gt/toast/1', 'src/a.ts');
    await town.mirror.fetch();
    await town.mirror.backUp('gt/toast/1');
    await mustGit(town.remote, 'update-ref', 'refs/heads/gt/toast/1', first);
    let expected = first;
    if (ahead !== 'origin') {
      expected = await town.work('polecat-1', 'gt/toast/1', 'src/b.ts');
      await town.mirror.fetch();
      await town.mirror.backUp('gt/toast/1');
    }
    if (ahead !== 'wip') {
      const theirs = await town.colleague('gt/toast/1', 'NEWS.md', 'news\n');
      if (ahead === 'origin') expected = theirs;
    }
    const later = await town.anotherDisk();
    expect(await later.agent('polecat-2', 'gt/toast/1')).toMatchObject({ startSha: expected, resumed: true });
  });

  test('that is uncommitted stays in a worktree that is prepared again', async () => {
    const { directory } = await town.agent('polecat-1', 'gt/toast/1');
    await writeFile(join(directory, 'draft.ts'), 'draft');
    const again = await town.agent('polecat-1', 'gt/toast/1');
    expect(again.resumed).toBe(true);
    expect(await readFile(join(directory, 'draft.ts'), 'utf8')).toBe('draft');
    // Another bead is another worktree.
    await town.agent('polecat-1', 'gt/toast/2');
    await expect(readFile(join(directory, 'draft.ts'))).rejects.toThrow('ENOENT');
  });

  test('that is uncommitted is saved before a container ends', async () => {
    const { directory } = await town.agent('polecat-1', 'gt/toast/1');
    await writeFile(join(directory, 'draft.ts'), 'draft');
    const request = { mirror: town.mirror, agentName: 'Toast', branch: 'gt/toast/1', directory };
    expect(await saveWorkInProgress(request)).toBe('committed');
    expect(await saveWorkInProgress(request)).toBe('clean');
    const later = await town.anotherDisk();
    const resumed = await later.agent('polecat-2', 'gt/toast/1');
    expect(await readFile(join(resumed.directory, 'draft.ts'), 'utf8')).toBe('draft');
  });

  test('is on the remote before a worktree is removed', async () => {
    const sha = await town.work('polecat-1', 'gt/toast/1', 'src/a.ts');
    const directory = join(town.workDir, 'worktrees', 'polecat-1');
    await removeWorktree({ mirror: town.mirror, agentId: 'polecat-1', directory });
    expect(await town.remoteRef('refs/gastown/wip/gt/toast/1')).toBe(sha);
    await expect(readFile(join(directory, 'package.json'))).rejects.toThrow('ENOENT');
  });
});
