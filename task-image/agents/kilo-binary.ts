import { constants } from 'node:fs';
import { access, readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import * as z from 'zod';

const require = createRequire(import.meta.url);

/** The agent server cannot be started because this machine has no `kilo`. The message says how to install it. */
export class KiloNotInstalledError extends Error {
  override readonly name = 'KiloNotInstalledError';
}

/**
 * Path of the `kilo` binary: the optional dependency of this platform, else `kilo` on `searchPath`.
 * @throws KiloNotInstalledError when neither is there.
 */
export async function findKilo(searchPath: string): Promise<string> {
  const platformPackage = `@kilocode/cli-${process.platform}-${process.arch}`;
  const packaged = packageFolder(platformPackage);
  const candidates = [
    ...(packaged === undefined ? [] : [join(packaged, 'bin', 'kilo')]),
    ...searchPath
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, 'kilo')),
  ];
  for (const candidate of candidates) {
    if (await isExecutable(candidate)) return candidate;
  }
  throw new KiloNotInstalledError(
    `No agent server: neither the package ${platformPackage} nor a "kilo" on PATH was found. ` +
      `Install it with "npm install --no-save ${platformPackage}@7.7.7" or "npm install --global @kilocode/cli@7.7.7".`,
  );
}

/** Version of the `kilo` that `findKilo` finds: what its package says, else what it says itself. @throws Error */
export async function kiloVersion(searchPath: string): Promise<string> {
  const kilo = await realpath(await findKilo(searchPath));
  try {
    const { name, version } = kiloPackage.parse(
      JSON.parse(await readFile(join(dirname(kilo), '..', 'package.json'), 'utf8')),
    );
    if (name.startsWith('@kilocode/')) return version;
  } catch {
    // It stands alone.
  }
  const { stdout } = await execa(kilo, ['--version'], { timeout: VERSION_LIMIT_MS, stdin: 'ignore' });
  return stdout.trim().slice(0, 64);
}

const VERSION_LIMIT_MS = 20_000;
const kiloPackage = z.object({ name: z.string(), version: z.string() });

/** Folder of the packaged ripgrep, if any. Without `rg` on PATH Kilo's grep and glob try to download one. */
export function ripgrepFolder(): string | undefined {
  const packaged = packageFolder(`@vscode/ripgrep-${process.platform}-${process.arch}`, '@vscode/ripgrep');
  return packaged === undefined ? undefined : join(packaged, 'bin');
}

/** A dependency of a dependency resolves from there: it need not be hoisted to the top. */
function packageFolder(name: string, via?: string): string | undefined {
  try {
    const resolve = via === undefined ? require.resolve : createRequire(require.resolve(via)).resolve;
    return dirname(resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
