import { spawn, type StdioOptions } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Between TERM and KILL when the supervisor is gone. */
const ORPHAN_GRACE_SECONDS = 2;
/** A process that left the group may hold the output open; it is not waited for. */
const DRAIN_MS = 500;

/**
 * The guard leads a process group (and session) of its own and holds the read end of a pipe that only the supervisor has
 * the other end of. The pipe ends with the supervisor, however that dies: then the watcher ends the group. When the command
 * ends, the guard says its exit code on descriptor 3 and takes the rest of the group along. A signal interrupts `wait` with
 * a code of its own, also when the command has ended in the same moment: the last `wait` asks for what it ended with (127:
 * the shell has said it already). Plain POSIX sh (dash).
 *
 * A process that moves to another session escapes: only a container's own end reaches it.
 */
const GUARD = `
exec 4<&0 </dev/null
trap : TERM INT HUP
"$@" 3>&- 4<&- &
child=$!
(
  trap '' TERM INT HUP
  exec 3>&- >/dev/null 2>&1
  while read -r _; do :; done <&4
  kill -TERM -$$
  sleep ${ORPHAN_GRACE_SECONDS}
  kill -KILL -$$
) &
exec 4<&-
wait "$child"
code=$?
while [ "$code" -gt 128 ] && kill -0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done
if [ "$code" -gt 128 ]; then
  wait "$child"
  last=$?
  [ "$last" -ne 127 ] && code=$last
fi
echo "$code" >&3
kill -KILL -$$
`;

export interface GuardedOptions {
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** @default 'pipe' */
  stdout?: 'pipe' | 'ignore' | number;
  /** @default 'pipe' */
  stderr?: 'pipe' | 'ignore' | number;
  /** Another user for the command, when the supervisor may switch users. */
  user?: { uid: number; gid: number };
}

export interface GuardedExit {
  /** As a shell says it, 128 + n for a signal n; null when the group was killed before the command ended. */
  exitCode: number | null;
}

export interface GuardedProcess {
  /** Of the group, too. */
  readonly pid: number;
  /** null unless 'pipe'. */
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** Resolves when the whole group has ended. Never rejects. */
  readonly exited: Promise<GuardedExit>;
  /** TERM to the group, KILL after `graceMs`; resolves when it has ended. */
  stop(graceMs: number): Promise<GuardedExit>;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Ended meanwhile.
  }
}

/**
 * Starts a command that cannot outlive this process, nor leave anything of its process group behind.
 * @throws Error when it cannot be started (no such directory, no sh); a command that is not there exits with 127
 */
export function spawnGuarded(
  command: string,
  args: readonly string[],
  options: GuardedOptions,
): GuardedProcess {
  const stdio: StdioOptions = ['pipe', options.stdout ?? 'pipe', options.stderr ?? 'pipe', 'pipe'];
  const child = spawn('/bin/sh', ['-c', GUARD, 'gastown-guard', command, ...args], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio,
    ...options.user,
  });
  // A failed start is thrown below; the event only repeats it.
  child.on('error', () => {});
  const { pid } = child;
  if (pid === undefined) throw new Error(`cannot start ${command} in ${options.cwd}`);
  // The guard may be gone first.
  child.stdin?.on('error', () => {});

  let said = '';
  const control = child.stdio[3];
  if (control !== null && control !== undefined && 'on' in control) {
    control.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
    });
    control.on('error', () => {});
  }

  const exited = new Promise<GuardedExit>((resolve) => {
    const finish = (): void => {
      const code = /^\d+/.exec(said)?.[0];
      resolve({ exitCode: code === undefined ? null : Number(code) });
    };
    child.once('exit', () => {
      const drain = setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
        finish();
      }, DRAIN_MS);
      child.once('close', () => {
        clearTimeout(drain);
        finish();
      });
    });
  });
  // From then on the number may belong to another group.
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;

  return {
    pid,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    async stop(graceMs) {
      if (isGone()) return exited;
      signalGroup(pid, 'SIGTERM');
      const kill = setTimeout(() => {
        if (!isGone()) signalGroup(pid, 'SIGKILL');
      }, graceMs);
      const exit = await exited;
      clearTimeout(kill);
      return exit;
    },
  };
}
