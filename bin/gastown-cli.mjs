#!/usr/bin/env node
// The command line is TypeScript, which the project's own Node runs as it is; the one that started this may be older.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(import.meta.url);
const program = join(dirname(launcher), 'cli.ts');

function projectNode() {
  try {
    const folder = dirname(createRequire(launcher).resolve('node/package.json'));
    const found = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(found)) return found;
  } catch {
    // Said below.
  }
  return undefined;
}

const MAJOR_THAT_RUNS_TYPESCRIPT = 22;
const node =
  projectNode() ??
  (Number(process.versions.node.split('.')[0]) >= MAJOR_THAT_RUNS_TYPESCRIPT ? process.execPath : undefined);

if (node === undefined) {
  process.stderr.write('gastown needs Node 22, which comes with its packages: run npm ci first.\n');
  process.exitCode = 1;
} else {
  const flags = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types'];
  const child = spawn(node, [...flags, program, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, GASTOWN_LAUNCHER: launcher },
  });
  // A terminal sends Ctrl-C to both; the program decides how it ends.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
