import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const [name] = process.argv.slice(2);
if (name === undefined || !/^[\w.-]+$/.test(name)) {
  console.error(
    'node test/replay/bundle-release.ts NAME   bundles the core of this checkout as the release NAME',
  );
  process.exit(2);
}
const { outputFiles } = await build({
  entryPoints: [here('release-entry.ts')],
  bundle: true,
  minify: true,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  format: 'esm',
  write: false,
});
const packed = brotliCompressSync(outputFiles[0]?.contents ?? new Uint8Array());
await writeFile(here(`releases/${name}.mjs.br`), packed);
console.log(`${name}: ${packed.length} bytes`);
