import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, ExecaError } from 'execa';
import { CHUNK_BYTES, MAX_CHUNKS } from '../../core/protocol/snapshots.ts';
import type { ProcessUser } from '../process/process-user.ts';
import { COPY_SCRIPT, REPLACE_SCRIPT } from './copy-script.ts';

const LIMIT_MS = 30_000;
const NO_DATABASE = 3;
const MAX_DATABASE_BYTES = MAX_CHUNKS * CHUNK_BYTES;

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
  const args = [
    '--disable-warning=ExperimentalWarning',
    '-e',
    COPY_SCRIPT,
    databaseOf(home),
    join(home, 'tmp'),
  ];
  try {
    const { stdout } = await execa(process.execPath, args, {
      ...common(user, signal),
      encoding: 'buffer',
      maxBuffer: MAX_DATABASE_BYTES,
    });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.exitCode === NO_DATABASE) return undefined;
    if (error.isMaxBuffer)
      throw new DatabaseTooLargeError(`the session's database has more than ${MAX_DATABASE_BYTES} bytes`);
    throw error;
  }
}

/** Puts a database into a home whose server does not run. */
export async function writeDatabase(
  { home, user }: DatabasePlace,
  database: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  await execa('/bin/sh', ['-euc', REPLACE_SCRIPT, 'restore', databaseOf(home)], {
    ...common(user, signal),
    input: database,
  });
}

const common = (user: ProcessUser | undefined, cancelSignal: AbortSignal) =>
  ({
    ...user,
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin' },
    extendEnv: false,
    timeout: LIMIT_MS,
    cancelSignal,
  }) as const;
