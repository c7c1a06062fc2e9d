import { SYNC_PROTOCOL, type SyncAnswer, type SyncRequest } from '../../core/protocol/sync.ts';
import { createMirrors } from '../git/mirrors.ts';
import { createJobRunner } from '../jobs/runner.ts';
import { createAgents } from './agents.ts';
import { ControlPlaneError, type ControlPlane } from './control-plane.ts';
import { listenForPokes, type PokeSocket } from './poke-socket.ts';
import { createWakeUp } from './wake-up.ts';

export interface SupervisorOptions {
  readonly controlPlane: ControlPlane;
  readonly epoch: number;
  readonly workDir: string;
  readonly apiUrl: string;
  readonly pluginFile: string;
  readonly allowLocalGit: boolean;
  readonly log: (message: string) => void;
}

/** Why a supervisor ended: `drained` (asked to), `superseded` (another epoch), `cut_off` (no sync for 5 minutes). */
export type SupervisorEnd = 'drained' | 'superseded' | 'cut_off';

export interface Supervisor {
  /** Runs until there is no reason to run any more. */
  run(): Promise<SupervisorEnd>;
  /** SIGTERM: save what there is, report, end. */
  drain(): void;
  /** Ends everything at once, without saving; bounded by the agents' own stop. */
  kill(): Promise<void>;
}

/** Without a successful sync: agents stop after one, work is saved and the supervisor ends after five minutes. */
const PAUSE_AFTER_MS = 60_000;
const CUT_OFF_AFTER_MS = 5 * 60_000;
/** Changes close together make one sync. */
const SETTLE_MS = 50;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { controlPlane, epoch, workDir, log } = options;
  const wakeUp = createWakeUp();
  const mirrors = createMirrors({ workDir, allowLocal: options.allowLocalGit });
  const agents = createAgents({
    workDir,
    apiUrl: options.apiUrl,
    pluginFile: options.pluginFile,
    mirrorFor: (rigId) => mirrors.mirrorFor(rigId),
    credentials: () => controlPlane.modelCredentials(),
    log,
    onChange: () => wakeUp.now(),
  });
  const jobs = createJobRunner({
    mirrorFor: (rigId) => mirrors.mirrorFor(rigId),
    workDir,
    log,
    onChange: () => wakeUp.now(),
  });
  let phase: SyncRequest['phase'] = 'running';
  let sequence = 0;
  let isTerminating = false;
  let socket: PokeSocket | undefined;

  const report = (): SyncRequest => ({
    protocol: SYNC_PROTOCOL,
    epoch,
    sequence: (sequence += 1),
    phase,
    agents: agents.reports(),
    jobs: jobs.reports(),
  });

  const apply = async (answer: SyncAnswer): Promise<void> => {
    mirrors.setRigs(answer.rigs);
    jobs.reconcile(answer.jobs);
    agents.reconcile(answer.agents);
    if (phase !== 'running' && !answer.drain && !isTerminating) phase = 'running';
    if (!answer.drain || phase === 'drained') return;
    await save();
  };

  const save = async (): Promise<void> => {
    phase = 'draining';
    await agents.stop(true);
    await jobs.stop();
    phase = 'drained';
    wakeUp.now();
  };

  const bootstrap = async (): Promise<void> => {
    const { socketUrl } = await controlPlane.bootstrap();
    if (socketUrl === null) return;
    socket = listenForPokes({
      url: socketUrl,
      token: () => controlPlane.token,
      onPoke: () => wakeUp.now(),
      log,
    });
  };

  const loop = async (): Promise<SupervisorEnd> => {
    let syncedAt = performance.now();
    let retryMs = FIRST_RETRY_MS;
    let isBootstrapped = false;
    for (;;) {
      if (isTerminating && phase === 'running') await save();
      try {
        if (!isBootstrapped) await bootstrap();
        isBootstrapped = true;
        const said = phase;
        const answer = await controlPlane.sync(report());
        syncedAt = performance.now();
        retryMs = FIRST_RETRY_MS;
        if (said === 'drained' && (answer.drain || isTerminating)) return 'drained';
        await apply(answer);
        await wakeUp.wait(answer.syncIntervalSeconds * 1000);
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      } catch (error) {
        log(`sync: ${error instanceof Error ? error.message : String(error)}`);
        if (error instanceof ControlPlaneError && error.isSuperseded) return 'superseded';
        const silentMs = performance.now() - syncedAt;
        if (isTerminating && silentMs > LONGEST_RETRY_MS) return 'cut_off';
        if (silentMs > CUT_OFF_AFTER_MS) {
          await save();
          return 'cut_off';
        }
        // Agents that the town cannot see may have been given to somebody else. Their worktrees stay; the next answer
        // starts them again.
        if (silentMs > PAUSE_AFTER_MS) await agents.stop(true);
        await wakeUp.wait(retryMs * (0.5 + Math.random()));
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      }
    }
  };

  return {
    async run() {
      try {
        return await loop();
      } finally {
        socket?.close();
        await Promise.all([agents.stop(false), jobs.stop()]);
      }
    },
    drain() {
      isTerminating = true;
      wakeUp.now();
    },
    async kill() {
      socket?.close();
      await Promise.all([agents.stop(false), jobs.stop()]);
    },
  };
}
