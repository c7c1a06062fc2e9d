import { readdirSync, readFileSync } from 'node:fs';

export type ProcessInfo = { pid: number; command: string; environ: string };

/** Processes whose environment contains `text` (Linux). */
export function processesWith(text: string): ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const environ = readFileSync(`/proc/${name}/environ`, 'utf8').replaceAll('\0', '\n');
        if (!environ.includes(text)) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return command === '' ? [] : [{ pid: Number(name), command, environ }];
      } catch {
        return []; // It has ended meanwhile, or is not ours.
      }
    });
}
