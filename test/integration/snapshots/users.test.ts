import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProcessUsers } from '../../../task-image/process/process-users.ts';
import { databaseOf, readDatabase, writeDatabase } from '../../../task-image/snapshots/session-database.ts';
import { prepareChatDirectory } from '../../../task-image/supervisor/chat-directory.ts';
import { newHome } from './scene.ts';
import { openSessionDatabase } from './session-database.ts';

const isRoot = process.getuid?.() === 0;

/** The mayor of a task is a user of its own: what is its own is read and written as that user. Only root may choose users. */
describe.skipIf(!isRoot)('the mayor of a task', () => {
  const user = createProcessUsers({ first: 20_000, last: 20_099 }).ofAgent('mayor');
  const signal = AbortSignal.timeout(20_000);
  let root: string;
  let home: string;
  beforeEach(async () => {
    root = await newHome();
    await chmod(root, 0o755);
    home = join(root, 'agents', 'mayor', '1', 'home');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const asMayor = (script: string) =>
    execa('/bin/sh', ['-euc', script], { ...user, cwd: '/', reject: false, timeout: 10_000 });
  async function session(): Promise<Uint8Array> {
    const place = join(root, 'made');
    const database = openSessionDatabase(place);
    database.grow(100_000);
    database.close();
    return (await readDatabase({ home: place }, signal)) ?? new Uint8Array();
  }

  test('can reach its folder and its restored session, and its session can be saved', async () => {
    const directory = join(root, 'agents', 'mayor', 'chat');
    await prepareChatDirectory(directory, user);
    const { exitCode } = await asMayor(`cd '${directory}' && touch here && git status`);
    expect(exitCode).toBe(0);

    const restored = await session();
    await prepareChatDirectory(join(dirname(home), 'beside'), user);
    await writeDatabase({ home, user }, restored, directory, signal);
    await asMayor(`mkdir -p '${home}/tmp'`);
    expect((await asMayor(`stat -c %u:%a '${databaseOf(home)}'`)).stdout).toBe(`${user?.uid}:600`);
    expect(Buffer.from((await readDatabase({ home, user }, signal)) ?? []).equals(restored)).toBe(true);
  });

  test('cannot have saved what is not its own', async () => {
    await prepareChatDirectory(join(dirname(home), 'beside'), user);
    await writeDatabase({ home, user }, await session(), root, signal);
    const secret = join(root, 'secret.db');
    await writeFile(secret, 'the supervisor’s', { mode: 0o600 });
    await asMayor(`mkdir -p '${home}/tmp'; rm '${databaseOf(home)}'`);
    await symlink(secret, databaseOf(home));
    await expect(readDatabase({ home, user }, signal)).rejects.toThrow('not a file');
    // A folder that leads elsewhere is followed as the mayor, who may not go there.
    await asMayor(`rm -r '${dirname(databaseOf(home))}'`);
    await symlink(root, dirname(databaseOf(home)));
    await writeFile(join(root, 'kilo.db'), 'no', { mode: 0o600 });
    await expect(readDatabase({ home, user }, signal)).rejects.toThrow(/unable to open|permission/i);
  });
});
