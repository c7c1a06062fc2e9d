import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles the plugin with all it imports into one ESM file, in well under a second. The file must not lie in a folder where
 * Kilo looks for configuration: it would install packages there.
 */
export async function buildPlugin(outFile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('index.ts', import.meta.url))],
    outfile: outFile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    legalComments: 'none',
    logLevel: 'warning',
  });
}
