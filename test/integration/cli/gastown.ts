import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { main } from '../../../cli/main.ts';

export const LAUNCHER = fileURLToPath(new URL('../../../bin/gastown-cli.mjs', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What is piped in; nothing is, when absent. */
  readonly input?: string;
  readonly cwd?: string;
  /** Called with all output so far; true: Ctrl-C is sent. */
  readonly interruptWhen?: (out: string) => boolean;
}

const LIMIT_MS = 25_000;

/** The command line as a shell starts it, with nothing of this process' own environment but the path. */
export function gastown(words: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { env = {}, input, cwd, interruptWhen } = options;
  const child = spawn(process.execPath, [LAUNCHER, ...words], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    // A group of its own, so that Ctrl-C reaches it as a terminal sends it: to all of the group.
    detached: true,
    timeout: LIMIT_MS,
  });
  child.stdin?.end(input);
  let out = '';
  let error = '';
  let isInterrupted = false;
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (isInterrupted || interruptWhen?.(out) !== true) return;
    isInterrupted = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    error += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, error }));
  });
}

const WIDE = { columns: 10_000, hasColours: false };

/** The same command line in this process, which starts in no time: for tables of many. */
export async function gastownHere(
  words: readonly string[],
  { env = {}, input = '' }: Pick<RunOptions, 'env' | 'input'> = {},
): Promise<Finished> {
  let out = '';
  let error = '';
  const code = await main({
    words,
    env,
    version: 'test',
    signal: AbortSignal.timeout(LIMIT_MS),
    terminal: {
      input: Readable.from([input]),
      out: (text) => void (out += text),
      error: (text) => void (error += text),
      style: () => ({ ...WIDE, now: Date.now() }),
    },
  });
  return { code, out, error };
}
