import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessUser } from '../process/process-user.ts';
import { GUARD_SCRIPT } from './guard-script.ts';
import { findKilo } from './kilo-binary.ts';
import { kiloEnvironment } from './kilo-environment.ts';
import type { HostEnvironment } from './kilo-environment.ts';
import { createOutputTail } from './output-tail.ts';
import { createRedactor } from './redact.ts';

const START_TIMEOUT_MS = 60_000;
/** The guard needs at most 1.8 s; what is left then is killed from here. */
const STOP_GRACE_MS = 2_500;
const OUTPUT_TAIL_BYTES = 2048;

export type ServerExit = { code: number | null; signal: NodeJS.Signals | null };

/** One running `kilo serve`. */
export type AgentServer = {
  url: string;
  /** Value of the `authorization` header that the server asks for. Secret. */
  authorization: string;
  /** Process id and process group of the guard above the server. */
  pid: number;
  /** Settles when the server is gone, for whatever reason; never rejects. */
  exited: Promise<ServerExit>;
  /** The last 2 KiB that the server printed. */
  outputTail(): string;
  /** Ends the server and everything its tools started: TERM, then KILL. Settles within 3 s; may be called again. */
  stop(): Promise<void>;
};

export type AgentServerOptions = {
  /** Working directory: the agent's worktree. */
  directory: string;
  /** Private home of the agent. */
  home: string;
  /** Whom it runs as. @default the supervisor */
  user?: ProcessUser | undefined;
  /** Kilo's configuration, see kilo-config.ts. */
  config: unknown;
  /** Environment besides Kilo's own. */
  env: Readonly<Record<string, string>>;
  /** @default 60 000 ms */
  startTimeoutMs?: number;
  signal?: AbortSignal | undefined;
  /** Taken out of what the server prints: it quotes a configuration that it does not like. */
  secrets?: readonly string[];
  log: (message: string) => void;
  /** Where PATH, LANG and TZ come from. @default the supervisor's own environment */
  hostEnv?: HostEnvironment;
};

/** The agent server did not come up. The message ends with the last 2 KiB of its output. */
export class AgentServerStartError extends Error {
  override readonly name = 'AgentServerStartError';
}

/**
 * Starts one `kilo serve` on a free loopback port.
 * @throws KiloNotInstalledError, AgentServerStartError (nothing is left running then).
 */
export async function startAgentServer(options: AgentServerOptions): Promise<AgentServer> {
  const startTimeoutMs = options.startTimeoutMs ?? START_TIMEOUT_MS;
  const hostEnv = options.hostEnv ?? process.env;
  const password = randomBytes(24).toString('hex');
  const mark = `GASTOWN_AGENT_SERVER=${randomBytes(12).toString('hex')}`;
  const kilo = await findKilo(hostEnv.PATH ?? '');
  const env = await kiloEnvironment({ ...options, password, hostEnv });

  const port = String(await freePort());
  const command = [kilo, 'serve', '--hostname', '127.0.0.1', '--port', port];
  const guard = spawn('/bin/sh', ['-c', GUARD_SCRIPT, 'agent-guard', mark, ...command], {
    cwd: options.directory,
    env,
    stdio: 'pipe',
    ...options.user,
    // It leads its own process group, so that a terminal's Ctrl-C reaches the supervisor alone.
    detached: true,
  });
  const exited = whenExited(guard);
  // A guard that was killed leaves its server behind: end the group.
  void exited.then(() => killGroup(guard.pid));
  const redact = createRedactor([password, ...(options.secrets ?? [])]);
  const tail = createOutputTail(OUTPUT_TAIL_BYTES);
  const outputTail = (): string => redact(tail.text());
  guard.stdout.on('data', tail.add);
  guard.stderr.on('data', tail.add);
  guard.stdin.on('error', () => {}); // Closed by the guard's own end: `exited` says so.

  const stop = async (): Promise<void> => {
    guard.stdin.end();
    if (!(await settlesWithin(exited, STOP_GRACE_MS))) killGroup(guard.pid);
    await settlesWithin(exited, 500);
  };

  try {
    const url = await listeningUrl({ guard, exited, startTimeoutMs, signal: options.signal });
    options.log(`agent server listens on ${url}`);
    const authorization = `Basic ${Buffer.from(`kilo:${password}`).toString('base64')}`;
    return { url, authorization, pid: guard.pid ?? 0, exited, outputTail, stop };
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new AgentServerStartError(
      `The agent server did not start: ${reason}. Its output:\n${outputTail()}`,
      {
        cause: error,
      },
    );
  }
}

function whenExited(guard: ChildProcessWithoutNullStreams): Promise<ServerExit> {
  return new Promise((resolve) => {
    guard.once('exit', (code, signal) => resolve({ code, signal }));
    guard.once('error', () => resolve({ code: null, signal: null }));
  });
}

type ListeningOptions = {
  guard: ChildProcessWithoutNullStreams;
  exited: Promise<ServerExit>;
  startTimeoutMs: number;
  signal: AbortSignal | undefined;
};

/**
 * With `--port 0` Kilo takes 4096 whenever it can, so that one server gets the port of the one before, and a request to it
 * may go out on a pooled socket that is long dead.
 */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** The server prints where it listens when it is ready. */
function listeningUrl({ guard, exited, startTimeoutMs, signal }: ListeningOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const stopReading = (): void => {
      clearTimeout(timer);
      guard.stdout.off('data', read);
      signal?.removeEventListener('abort', aborted);
    };
    const fail = (reason: string): void => {
      stopReading();
      reject(new Error(reason));
    };
    const read = (chunk: Buffer): void => {
      printed = (printed + chunk.toString('utf8')).slice(-4096);
      const url = /listening on (http:\/\/\S+)\s/.exec(printed)?.[1];
      if (url === undefined) return;
      stopReading();
      resolve(url);
    };
    const aborted = (): void => fail('it was stopped while starting');
    const timer = setTimeout(() => fail(`no address within ${startTimeoutMs} ms`), startTimeoutMs);
    guard.stdout.on('data', read);
    guard.once('error', (error) => fail(error.message));
    void exited.then(({ code, signal: by }) => fail(`it exited with ${by ?? `code ${code}`}`));
    if (signal?.aborted === true) aborted();
    else signal?.addEventListener('abort', aborted, { once: true });
  });
}

async function settlesWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController();
  const timedOut = delay(timeoutMs, 'timeout', { signal: timer.signal }).catch(() => 'timeout');
  const first = await Promise.race([promise.then(() => 'settled'), timedOut]);
  timer.abort();
  return first === 'settled';
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // No such group: everything has ended.
  }
}
