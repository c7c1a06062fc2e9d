import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { execa } from 'execa';
import { bundleOptions, entryOf, FUNCTION_NAMES } from '../../lib/bundling.ts';

/** What one bundle costs a cold start. */
export interface ColdStart {
  readonly name: string;
  readonly gzipBytes: number;
  /** Median of the times that `import` of the bundle took, as a part of the one of the bundle with everything. */
  readonly importRatio: number;
  /** Size, as a part of the one of the bundle with everything. */
  readonly gzipRatio: number;
}

/** One process that imports a bundle and says how long that took, in milliseconds. */
const IMPORT =
  'const from = performance.now(); await import(process.argv[1]); console.log(performance.now() - from);';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/**
 * Bundles each function, and one file with all of them, and imports each in fresh processes. The rounds go through all bundles
 * in turn, so that a busy moment of the machine meets all of them.
 */
export async function measureColdStarts(processes: number): Promise<ColdStart[]> {
  const directory = await mkdtemp(join(tmpdir(), 'gastown-cold-start-'));
  try {
    const everything = join(directory, 'everything.ts');
    const exports = FUNCTION_NAMES.map(
      (name) => `export * as ${name.replaceAll('-', '_')} from ${JSON.stringify(entryOf(name))};`,
    );
    await writeFile(everything, exports.join('\n'));
    const entries = [
      ...FUNCTION_NAMES.map((name) => ({ name: name as string, entry: entryOf(name) })),
      { name: 'everything', entry: everything },
    ];
    const fileOf = (name: string): string => join(directory, `${name}.mjs`);
    for (const { name, entry } of entries) await build(bundleOptions(entry, fileOf(name)));
    const times = new Map(entries.map(({ name }) => [name, [] as number[]]));
    for (let round = 0; round < processes; round += 1) {
      for (const { name } of entries) {
        const args = ['--input-type=module', '-e', IMPORT, pathToFileURL(fileOf(name)).href];
        const { stdout } = await execa(process.execPath, args, {
          env: {},
          extendEnv: false,
          timeout: 20_000,
        });
        times.get(name)?.push(Number(stdout));
      }
    }
    const sizes = new Map<string, number>();
    for (const { name } of entries) sizes.set(name, gzipSync(await readFile(fileOf(name))).length);
    const allTime = median(times.get('everything') ?? []);
    const allBytes = sizes.get('everything') ?? Number.NaN;
    return entries.map(({ name }) => {
      const gzipBytes = sizes.get(name) ?? Number.NaN;
      const importRatio = median(times.get(name) ?? []) / allTime;
      return { name, gzipBytes, importRatio, gzipRatio: gzipBytes / allBytes };
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Figure G7 asks for the median of 21 processes. */
const PROCESSES = 21;

if (import.meta.main) {
  console.log('function            KiB gzip   size, of everything   import time, of everything');
  for (const { name, gzipBytes, gzipRatio, importRatio } of await measureColdStarts(PROCESSES)) {
    const size = (gzipBytes / 1024).toFixed(0).padStart(8);
    const ratios = `${gzipRatio.toFixed(2).padStart(19)}   ${importRatio.toFixed(2).padStart(26)}`;
    console.log(`${name.padEnd(18)}${size}   ${ratios}`);
  }
}
