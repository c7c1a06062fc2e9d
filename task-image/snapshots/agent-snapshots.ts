import type { ProcessUser } from '../process/process-user.ts';
import { createChunkCutter } from './chunk-content.ts';
import { fetchSnapshot, SnapshotRefusedError } from './restore.ts';
import { createSaveSchedule } from './save-schedule.ts';
import { saveSnapshot } from './save.ts';
import { hasDatabase, readDatabase, writeDatabase } from './session-database.ts';
import type { SnapshotCalls, SnapshotIdentity } from './snapshot-calls.ts';

/** From one save to the next. */
const GAP_MS = 15_000;
const SETTLE_MS = 1000;
/** A start waits so long for its session, and then begins without it. */
const RESTORE_LIMIT_MS = 30_000;
const SAVE_LIMIT_MS = 60_000;
/** The last save has to be over before the container is. */
const LAST_SAVE_LIMIT_MS = 15_000;

export interface AgentSnapshots {
  /** Puts the last good snapshot into the home, before the server starts. Never rejects. True: there is a session to go on with. */
  restore(): Promise<boolean>;
  /** A turn has ended. */
  changed(): void;
  /** The server has ended. @param isLast the session is worth going on with: it is saved once more. Never rejects; 15 s at most. */
  finish(isLast: boolean): Promise<void>;
}

export interface AgentSnapshotsOptions {
  readonly calls: SnapshotCalls;
  readonly identity: Omit<SnapshotIdentity, 'server'>;
  /** Version of the agent server. */
  readonly serverVersion: () => Promise<string>;
  readonly home: string;
  /** The agent's folder, which its sessions belong to. */
  readonly directory: string;
  /** Whose the home is. @default the supervisor's */
  readonly user?: ProcessUser | undefined;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** @default 15 s */
  readonly gapMs?: number;
}

/** The snapshots of one session. */
export function createAgentSnapshots(options: AgentSnapshotsOptions): AgentSnapshots {
  const { calls, home, user, log } = options;
  const { agentId } = options.identity;
  const place = { home, user };
  const cutter = createChunkCutter();
  const finishing = new AbortController();
  const identity = async (): Promise<SnapshotIdentity> => ({
    ...options.identity,
    server: await options.serverVersion(),
  });
  let failures = 0;

  const save = async (): Promise<boolean> => {
    const startedAt = performance.now();
    const since = (): number => Math.round(performance.now() - startedAt);
    const limit = finishing.signal.aborted ? LAST_SAVE_LIMIT_MS : SAVE_LIMIT_MS;
    const timeout = AbortSignal.timeout(limit);
    // One that is under way when the session ends makes room for the last one.
    const signal = finishing.signal.aborted ? timeout : AbortSignal.any([timeout, finishing.signal]);
    try {
      const database = await readDatabase(place, signal);
      if (database === undefined) return true;
      const saved = await saveSnapshot(calls, await identity(), database, cutter, signal);
      failures = 0;
      log('agent.snapshot_saved', { agentId, durationMs: since(), ...saved });
      return true;
    } catch (error) {
      failures += 1;
      log('agent.snapshot_failed', { agentId, durationMs: since(), failures, error: textOf(error) });
      return false;
    }
  };
  const schedule = createSaveSchedule({ save, gapMs: options.gapMs ?? GAP_MS, settleMs: SETTLE_MS });

  return {
    async restore() {
      // This session ran here before: nothing is newer than what it left.
      if (await hasDatabase(place)) return true;
      const startedAt = performance.now();
      const signal = AbortSignal.timeout(RESTORE_LIMIT_MS);
      try {
        const found = await fetchSnapshot(calls, await identity(), signal);
        if (found === undefined) return false;
        await writeDatabase(place, found.database, options.directory, signal);
        const durationMs = Math.round(performance.now() - startedAt);
        const { generation, database } = found;
        log('mayor.snapshot_restored', { agentId, generation, durationMs, sizeBytes: database.length });
        return true;
      } catch (error) {
        const reason = error instanceof SnapshotRefusedError ? error.reason : 'unavailable';
        log('mayor.snapshot_refused', { agentId, reason, error: textOf(error), startsFresh: true });
        return false;
      }
    },
    changed: () => schedule.changed(),
    async finish(isLast) {
      finishing.abort(new Error('the session has ended'));
      await schedule.finish(isLast);
    },
  };
}

const textOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 500);
