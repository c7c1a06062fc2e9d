import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from 'execa';

/** Who a process runs as, by numbers: root alone may choose. */
export interface ProcessUser {
  readonly uid: number;
  readonly gid: number;
}

const LIMIT_MS = 120_000;
/** Something may be born while the others are killed. */
const KILL_ROUNDS = 5;

/** Gives a file or an empty directory away. Nobody's: it stays with the supervisor. */
export async function giveTo(user: ProcessUser | undefined, path: string): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid);
}

/**
 * Gives a tree away that nobody but the supervisor could write to so far: whoever owns a part of it could put a link there that leads
 * elsewhere.
 */
export async function giveTreeTo(user: ProcessUser | undefined, directory: string): Promise<void> {
  if (user === undefined) return;
  await execa('chown', ['-R', '--no-dereference', `${user.uid}:${user.gid}`, directory], {
    timeout: LIMIT_MS,
  });
}

/** Runs a small script as the user, in what is the user's: the supervisor itself would follow every link that was put there. */
async function runAs(user: ProcessUser, script: string, args: readonly string[], input = ''): Promise<void> {
  await execa('/bin/sh', ['-euc', script, 'as-user', ...args], {
    uid: user.uid,
    gid: user.gid,
    input,
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin' },
    extendEnv: false,
    timeout: LIMIT_MS,
  });
}

/** Makes directories below one that the user owns, for the user alone. */
export async function makeDirectoriesAs(user: ProcessUser, directories: readonly string[]): Promise<void> {
  await runAs(user, 'umask 077; mkdir -p -- "$@"', directories);
}

/** Writes an executable into a directory that the user owns, with the folders that it lacks. */
export async function writeExecutableAs(user: ProcessUser, file: string, content: string): Promise<void> {
  const script = 'mkdir -p -- "$2"; rm -f -- "$1"; cat > "$1"; chmod 755 -- "$1"';
  await runAs(user, script, [file, dirname(file)], content);
}

export async function removeFileAs(user: ProcessUser, file: string): Promise<void> {
  await runAs(user, 'rm -f -- "$1"', [file]);
}

/** Ends all that runs as the user, also what left its process group; resolves when nothing does. Never of the supervisor's own user. */
export async function endProcessesOf(user: ProcessUser | undefined): Promise<void> {
  if (user === undefined || user.uid === process.getuid?.()) return;
  for (let round = 0; round < KILL_ROUNDS; round += 1) {
    // Whoever is not root reaches its own processes only, but for itself. Exit code 1: there are no others.
    const killer = spawn('/bin/sh', ['-c', 'kill -KILL -1 2>/dev/null'], {
      uid: user.uid,
      gid: user.gid,
      cwd: '/',
      env: {},
      stdio: 'ignore',
    });
    const [code] = (await once(killer, 'exit')) as [number | null];
    if (code !== 0) return;
  }
}
