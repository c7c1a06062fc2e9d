import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Processes that belong to a data directory: they run in it, or their environment names it. Linux only. */
export function processesOf(dataDir: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const belongs =
          readlinkSync(`/proc/${name}/cwd`).startsWith(dataDir) ||
          readFileSync(`/proc/${name}/environ`, 'utf8').includes(dataDir);
        const isZombie = /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${name}/stat`, 'utf8'));
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return belongs && !isZombie ? [{ pid: Number(name), command }] : [];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

/** Waits until nothing of the data directory runs; throws with what is left. */
export async function allGone(dataDir: string, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const left = processesOf(dataDir);
    if (left.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(
        `still running after ${limitMs} ms:\n${left.map((p) => `${p.pid} ${p.command}`).join('\n')}`,
      );
    }
    await delay(100);
  }
}
