import { mkdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { inheritedEnvironment } from '../git/git.ts';
import { giveTreeTo, type ProcessUser } from '../process/process-user.ts';
import { spawnGuarded } from '../process/guarded-process.ts';
import { captureOutput } from './output-tail.ts';

const STOP_GRACE_MS = 2_000;

export interface GateRequest {
  command: string;
  /** The merged tree. */
  directory: string;
  /** Home and temporary files of this gate; its output is in a file beside, with `.log`. */
  scratch: string;
  timeoutMs: number;
  /** Environment that people set; what is set here stands above it. Values are secret. */
  variables?: Readonly<Record<string, string>>;
  secrets: readonly string[];
  signal: AbortSignal;
  /** Whose the merged tree is. @default the supervisor's */
  user?: ProcessUser | undefined;
}

export type GateOutcome =
  | { outcome: 'passed' }
  /** `exitCode` null: it did not end in time. */
  | { outcome: 'failed'; exitCode: number | null; outputTail: string };

function gateEnvironment(request: GateRequest): Record<string, string> {
  const inherited = inheritedEnvironment();
  return {
    ...request.variables,
    ...inherited,
    // The node of the supervisor, whatever else the machine has.
    PATH: [dirname(process.execPath), inherited['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter),
    CI: '1',
    HOME: join(request.scratch, 'home'),
    TMPDIR: join(request.scratch, 'tmp'),
    LANG: 'C.UTF-8',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CEILING_DIRECTORIES: dirname(request.directory),
  };
}

/**
 * Runs one gate with `sh -c`, in a process group that ends at the limit and with the supervisor.
 * @throws the abort reason when the job is no longer wanted; Error when sh cannot be started
 */
export async function runGate(request: GateRequest): Promise<GateOutcome> {
  request.signal.throwIfAborted();
  for (const name of ['home', 'tmp']) await mkdir(join(request.scratch, name), { recursive: true });
  await giveTreeTo(request.user, request.scratch);
  // Beside it: what is read later is not for the gate to replace.
  const output = await captureOutput(`${request.scratch}.log`, request.secrets);
  try {
    // One pipe for both outputs, or their lines would come out of order.
    const gate = spawnGuarded('sh', ['-c', 'exec 2>&1; exec sh -c "$1"', 'gate', request.command], {
      cwd: request.directory,
      env: gateEnvironment(request),
      stderr: 'ignore',
      ...(request.user === undefined ? {} : { user: request.user }),
    });
    output.add(gate.stdout);
    let isTimedOut = false;
    const limit = setTimeout(() => {
      isTimedOut = true;
      void gate.stop(STOP_GRACE_MS);
    }, request.timeoutMs);
    const abort = (): void => void gate.stop(STOP_GRACE_MS);
    request.signal.addEventListener('abort', abort, { once: true });
    const { exitCode } = await gate.exited;
    clearTimeout(limit);
    request.signal.removeEventListener('abort', abort);
    request.signal.throwIfAborted();
    if (exitCode === 0 && !isTimedOut) return { outcome: 'passed' };
    return { outcome: 'failed', exitCode: isTimedOut ? null : exitCode, outputTail: output.tail() };
  } finally {
    await output.close();
  }
}
