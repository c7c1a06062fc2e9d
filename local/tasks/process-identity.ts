import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const PS_TIMEOUT_MS = 5_000;

/**
 * When the process with this pid started, as text that only that process has: pids are reused, a pid with its start time
 * is not. Undefined if there is no such process, or only its unreaped remains.
 */
export async function processStartTime(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid);
}

/** Whether the process that had this pid and start time still runs. */
export async function isSameProcess(pid: number, startTime: string): Promise<boolean> {
  return (await processStartTime(pid)) === startTime;
}

async function startTimeFromProc(pid: number): Promise<string | undefined> {
  const stat = await readProcStat(pid);
  if (stat === undefined) {
    return undefined;
  }
  // Ticks count from boot, so they say nothing across a reboot.
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${bootId.trim()}:${stat.startTicks}`;
}

/** The same where there is no /proc, to the second. */
export async function startTimeFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'state=', '-o', 'lstart=', '-p', String(pid)], {
      // A fixed zone and language: the text is compared with one of another day.
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      timeout: PS_TIMEOUT_MS,
    });
    const match = /^\s*(\S+)\s+(\S.*\S)\s*$/.exec(stdout);
    return match === null || match[1]?.startsWith('Z') === true ? undefined : match[2];
  } catch {
    return undefined;
  }
}

export interface ProcStat {
  readonly processGroupId: number;
  readonly startTicks: string;
}

/** Linux: what /proc says of a running process; undefined if there is none, or it is dead and only not reaped yet. */
export async function readProcStat(pid: number): Promise<ProcStat | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) {
    return undefined;
  }
  // See proc(5). Field 2, the name in parentheses, may itself hold spaces and parentheses: count from the last one.
  const fromField3 = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, processGroupId, startTicks] = [fromField3[0], fromField3[5 - 3], fromField3[22 - 3]];
  const isDead = state === 'Z' || state === 'X';
  if (isDead || processGroupId === undefined || startTicks === undefined) {
    return undefined;
  }
  return { processGroupId: Number(processGroupId), startTicks };
}
