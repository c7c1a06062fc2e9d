import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DEMO = fileURLToPath(new URL('../../bin/demo.ts', import.meta.url));

export interface DemoProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output(): string;
}

/** Starts the demo as its own process, as a user would. `preload` is loaded before it. */
export function startDemo(options: {
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly preload?: string;
  readonly timeoutSeconds: number;
}): DemoProcess {
  const { dataDir, args = [], preload, timeoutSeconds } = options;
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      ...(preload === undefined ? [] : ['--import', preload]),
      DEMO,
      '--data-dir',
      dataDir,
      '--timeout',
      `${timeoutSeconds}`,
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  // Whoever stops the run stops what it started.
  const end = (): boolean => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('close', () => process.removeListener('exit', end));
  let text = '';
  const take = (chunk: Buffer): void => {
    text += chunk.toString();
    appendFileSync(`${dataDir}.out`, chunk);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, exited, output: () => text };
}
