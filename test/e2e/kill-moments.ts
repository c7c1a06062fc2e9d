import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DemoProcess } from './demo-process.ts';

/** When the demo is killed. */
export interface KillMoment {
  readonly name: string;
  readonly preload?: string;
  /** Resolves when it is time. Absent: the preload does it. */
  readonly wait?: (demo: DemoProcess, dataDir: string) => Promise<void>;
}

const LIMIT_MS = 120_000;

/** Waits until the log of the installation has a line that `isIt` takes. */
async function logged(demo: DemoProcess, dataDir: string, isIt: (line: string) => boolean): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (Date.now() < deadline && demo.child.exitCode === null) {
    const lines = read(`${dataDir}/local.log`).split('\n');
    if (lines.some(isIt)) return;
    await delay(20);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export const CHOSEN_MOMENTS: readonly KillMoment[] = [
  {
    name: 'agent working',
    wait: async (demo) => {
      const deadline = Date.now() + LIMIT_MS;
      while (Date.now() < deadline && demo.child.exitCode === null) {
        if (/works on it \(.* is working\)/.test(demo.output())) return;
        await delay(50);
      }
    },
  },
  {
    name: 'merge job running',
    wait: (demo, dataDir) => logged(demo, dataDir, (line) => line.includes('"reason":"merging job')),
  },
  {
    name: 'between commit and effect',
    preload: fileURLToPath(new URL('crash-before-first-effect.ts', import.meta.url)),
  },
];

/** No demo is over before this, on any machine that it was tried on. */
const UNDISTURBED_MS = 30_000;

/** The n-th random moment of a seed: the same seed gives the same moments. */
export function randomMoment(seed: number, index: number): KillMoment {
  const afterMs = Math.floor(fraction(seed * 1000 + index) * UNDISTURBED_MS);
  return { name: `after ${afterMs} ms (seed ${seed}, ${index})`, wait: () => delay(afterMs) };
}

/** mulberry32: one number in [0, 1) for a seed. */
function fraction(seed: number): number {
  let t = (seed + 0x6d2b79f5) | 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}
