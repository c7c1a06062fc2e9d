import type { AgentRole } from '../../core/protocol/sync.ts';

/** How long an agent may stay idle before it is counted as exited. A refinery waits longer: verdicts are followed up. */
export const IDLE_TIMEOUT_MS: Record<AgentRole, number> = {
  polecat: 120_000,
  refinery: 600_000,
  triage: 120_000,
  // A mayor waits for people and never exits by itself.
  mayor: Number.POSITIVE_INFINITY,
};

/** Calls `onElapsed` when it was started and not stopped for `timeoutMs`; an infinite one never elapses. */
export function createIdleTimer(timeoutMs: number, onElapsed: () => void): { start(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearTimeout(timer);
  return {
    start() {
      stop();
      if (Number.isFinite(timeoutMs)) timer = setTimeout(onElapsed, timeoutMs);
    },
    stop,
  };
}
