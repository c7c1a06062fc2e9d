import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { CHUNK_BYTES, MAX_CHUNKS } from '../../core/protocol/snapshots.ts';
import { giveTo, type ProcessUser } from '../process/process-user.ts';
import { COPY_SCRIPT, EXIT, RESTORE_SCRIPT } from './copy-script.ts';

const LIMIT_MS = 30_000;
const MAX_DATABASE_BYTES = MAX_CHUNKS * CHUNK_BYTES;
const MAX_COMPLAINT_LENGTH = 500;
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning'];

/** Larger than what is kept of a session; it goes on without being saved. */
export class DatabaseTooLargeError extends Error {
  override readonly name = 'DatabaseTooLargeError';
}

/** Where the agent server keeps its sessions, in the agent's home. */
export const databaseOf = (home: string): string => join(home, '.local', 'share', 'kilo', 'kilo.db');

export interface DatabasePlace {
  /** The agent's home. */
  readonly home: string;
  /** Whose it is. @default the supervisor's */
  readonly user?: ProcessUser | undefined;
}

/** Has a server run in this home? */
export const hasDatabase = ({ home }: DatabasePlace): Promise<boolean> =>
  lstat(databaseOf(home)).then(
    () => true,
    () => false,
  );

/** A consistent copy of the database, whatever its server is doing. Undefined: there is none. @throws DatabaseTooLargeError */
export async function readDatabase(
  { home, user }: DatabasePlace,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const args = [databaseOf(home), join(home, 'tmp'), `${MAX_DATABASE_BYTES}`];
  const { code, output, complaint } = await run(COPY_SCRIPT, args, { user, signal });
  if (code === 0) return output;
  if (code === EXIT.noDatabase) return undefined;
  if (code === EXIT.tooLarge)
    throw new DatabaseTooLargeError(`the session's database has more than ${MAX_DATABASE_BYTES} bytes`);
  throw new Error(`the session's database could not be copied (${code ?? 'killed'}): ${complaint}`);
}

/** Puts a database into a home whose server does not run; the home is made. @param directory of the agent: its sessions' from now on */
export async function writeDatabase(
  { home, user }: DatabasePlace,
  database: Uint8Array,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  await giveTo(user, home);
  const args = [databaseOf(home), directory];
  const { code, complaint } = await run(RESTORE_SCRIPT, args, { user, signal, input: database });
  if (code !== 0) throw new Error(`the database could not be written (${code ?? 'killed'}): ${complaint}`);
}

interface RunOptions extends Pick<DatabasePlace, 'user'> {
  readonly signal: AbortSignal;
  readonly input?: Uint8Array;
}

/** Runs a script as the user. Its output is a database: no library that quotes it in its errors. @throws Error */
async function run(
  script: string,
  args: readonly string[],
  { user, signal, input }: RunOptions,
): Promise<{ code: number | null; output: Uint8Array; complaint: string }> {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    process.execPath,
    [...NODE_OPTIONS, '-e', script, ...args],
    {
      ...user,
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin' },
      stdio: 'pipe',
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
      killSignal: 'SIGKILL',
    },
  );
  const closed = once(child, 'close');
  const output: Buffer[] = [];
  let complaint = '';
  child.stdout.on('data', (part: Buffer) => void output.push(part));
  child.stderr.on('data', (part: Buffer) => {
    complaint = (complaint + part.toString('utf8')).slice(-MAX_COMPLAINT_LENGTH);
  });
  // One that ends early says why by its exit.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  await closed;
  return { code: child.exitCode, output: Buffer.concat(output), complaint };
}
