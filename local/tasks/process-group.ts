import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readProcStat } from './process-identity.ts';

const POLL_MS = 20;

/**
 * Kills every process of the group and waits until none is left, at most `timeoutMs`. Returns whether none is left.
 * The caller knows that the group is its own: its leader runs, or ended just now.
 */
export async function killProcessGroup(processGroupId: number, timeoutMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  while (signalGroup(processGroupId) && (await hasLiveMember(processGroupId))) {
    if (performance.now() >= deadlineMs) {
      return false;
    }
    await sleep(POLL_MS);
  }
  return true;
}

/** Returns whether the group had a process. */
function signalGroup(processGroupId: number): boolean {
  if (!Number.isInteger(processGroupId) || processGroupId <= 1) {
    // -1 is every process of the user, 0 our own group.
    throw new RangeError(`not a process group of a task: ${processGroupId}`);
  }
  try {
    return process.kill(-processGroupId, 'SIGKILL');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // EPERM: macOS says so of a group whose last processes are dead but not reaped.
    if (code === 'ESRCH' || code === 'EPERM') {
      return false;
    }
    throw error;
  }
}

/** A signal also reaches the dead that nobody has reaped, for as long as process 1 takes its time. */
async function hasLiveMember(processGroupId: number): Promise<boolean> {
  if (process.platform !== 'linux') {
    return true;
  }
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const stats = await Promise.all(pids.map(readProcStat));
  return stats.some((stat) => stat?.processGroupId === processGroupId);
}
