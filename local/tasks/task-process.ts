import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';

export interface TaskProcess {
  readonly child: ChildProcess;
  /** Settles when the process has ended, or could not be started. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
}

export type ProcessEnd =
  | { kind: 'exited'; exitCode: number; signal: NodeJS.Signals | undefined }
  | { kind: 'failedToStart'; message: string };

/**
 * Starts a task's process in a group of its own, in a fresh `disk` folder, with its output appended to `task.log`.
 * Its stdin is a pipe that nobody writes to: it closes when this process dies in whatever way, and then the child ends
 * itself (`GASTOWN_PARENT_PIPE=1` tells it to watch).
 */
export function startTaskProcess(
  dir: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): TaskProcess {
  const [program, ...args] = command;
  if (program === undefined) {
    throw new Error('the command of a task is empty');
  }
  const disk = diskOf(dir);
  mkdirSync(disk, { recursive: true });
  const log = openSync(join(dir, 'task.log'), 'a');
  try {
    const child = spawn(program, args, {
      cwd: disk,
      env: { ...env, GASTOWN_PARENT_PIPE: '1', GASTOWN_WORK_DIR: disk },
      detached: true,
      stdio: ['pipe', log, log],
    });
    // Nothing is written to it, so an error only says that the child has gone, which its exit says too.
    child.stdin?.on('error', () => {});
    return { child, ended: endOf(child) };
  } finally {
    closeSync(log);
  }
}

/** Removes the task's disk, as it goes with the task on Fargate; the log stays. */
export async function removeDisk(dir: string): Promise<void> {
  await rm(diskOf(dir), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

function diskOf(dir: string): string {
  return join(dir, 'disk');
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      // Also emitted when a signal could not be sent; only without a pid was nothing started.
      if (child.pid === undefined) {
        resolve({ kind: 'failedToStart', message: error.message });
      }
    });
    child.on('exit', (code, signal) => {
      const signalNumber = signal === null ? 0 : constants.signals[signal];
      resolve({ kind: 'exited', exitCode: code ?? 128 + signalNumber, signal: signal ?? undefined });
    });
  });
}
