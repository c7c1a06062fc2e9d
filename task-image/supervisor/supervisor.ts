import { SYNC_PROTOCOL, type SyncAnswer, type SyncRequest } from '../../core/protocol/sync.ts';
import { kiloVersion } from '../agents/kilo-binary.ts';
import { createMirrors } from '../git/mirrors.ts';
import { createJobRunner, type JobRunner } from '../jobs/runner.ts';
import { ONE_USER, type ProcessUsers } from '../process/process-users.ts';
import { createAgentSnapshots } from '../snapshots/agent-snapshots.ts';
import { createAgents } from './agents.ts';
import { ControlPlaneError, type ControlPlane } from './control-plane.ts';
import { listenForPokes, type PokeSocket } from './poke-socket.ts';
import { watchSilence } from './silence-watch.ts';
import { createWakeUp } from './wake-up.ts';

export interface SupervisorOptions {
  readonly townId: string;
  readonly controlPlane: ControlPlane;
  readonly epoch: number;
  readonly workDir: string;
  readonly apiUrl: string;
  readonly pluginFile: string;
  readonly allowLocalGit: boolean;
  /** Whom agents and gates run as. @default the supervisor */
  readonly users?: ProcessUsers;
  readonly log: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  /** Without a successful sync for so long, agents stop; the next answer starts them again. @default 60 000 ms */
  readonly pauseAfterMs?: number;
  /** Without one for so long, work is saved and the supervisor ends. @default 300 000 ms */
  readonly cutOffAfterMs?: number;
}

/** Why a supervisor ended: `drained` (asked to), `superseded` (another epoch), `cut_off` (no sync for too long). */
export type SupervisorEnd = 'drained' | 'superseded' | 'cut_off';

export interface Supervisor {
  /** Runs until there is no reason to run any more. */
  run(): Promise<SupervisorEnd>;
  /** SIGTERM: save what there is, report, end. The control plane is waited for no longer than 5 s after the save. */
  drain(): void;
  /** Ends everything at once, without saving. */
  kill(): Promise<void>;
  /** All agents that are known here, and those of them that start or work. */
  countAgents(): { agents: number; activeAgents: number };
}

const PAUSE_AFTER_MS = 60_000;
const CUT_OFF_AFTER_MS = 5 * 60_000;
/** Changes close together make one sync. */
const SETTLE_MS = 50;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** How long a supervisor that has to go tries to say that it has saved. */
const FAREWELL_MS = 5000;
/** What has not ended by then ends with this process: its guard sees to that. */
const END_LIMIT_MS = 5000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { controlPlane, townId, epoch, workDir, log, users = ONE_USER } = options;
  const wakeUp = createWakeUp();
  const onChange = (): void => wakeUp.now();
  const mirrors = createMirrors({
    workDir,
    allowLocal: options.allowLocalGit,
    credentialsFor: (rigId) => () => controlPlane.gitCredentials(rigId),
  });
  const mirrorFor = mirrors.mirrorFor;
  /** It does not change while a container runs. */
  let version: Promise<string> | undefined;
  const serverVersion = (): Promise<string> => (version ??= kiloVersion(process.env['PATH'] ?? ''));
  const agents = createAgents({
    workDir,
    apiUrl: options.apiUrl,
    pluginFile: options.pluginFile,
    mirrorFor,
    credentials: (agentId) => controlPlane.modelCredentials(agentId),
    environment: () => controlPlane.environment(),
    users,
    snapshotsFor: (agentId, of) =>
      createAgentSnapshots({
        calls: controlPlane.snapshots,
        identity: { townId, agentId, epoch },
        serverVersion,
        ...of,
        log,
      }),
    log,
    onChange,
  });
  const newJobs = (): JobRunner =>
    createJobRunner({
      mirrorFor,
      environment: () => controlPlane.environment(),
      users,
      workDir,
      log,
      onChange,
    });
  let jobs = newJobs();
  let phase: SyncRequest['phase'] = 'running';
  let sequence = 0;
  let isDrainWanted = false;
  let isTerminating = false;
  let isCutOff = false;
  let saving: Promise<void> | undefined;
  let socket: PokeSocket | undefined;
  /** Of the request that is under way. */
  let inFlight = new AbortController();

  const report = (): SyncRequest => ({
    protocol: SYNC_PROTOCOL,
    epoch,
    sequence: (sequence += 1),
    phase,
    agents: agents.reports(),
    jobs: jobs.reports(),
  });

  const mustEnd = (): boolean => isTerminating || isCutOff;

  /** Saving may take minutes: syncs go on meanwhile, or the town would count this container as lost. */
  const save = (): Promise<void> => {
    saving ??= (async () => {
      phase = 'draining';
      wakeUp.now();
      // Jobs are done again elsewhere; what they hold is needed to save.
      await Promise.all([jobs.stop(), agents.stop('save')]);
      // The old one takes no jobs any more, and the drain may be cancelled.
      jobs = newJobs();
      phase = isDrainWanted || mustEnd() ? 'drained' : 'running';
      saving = undefined;
      // What this request says is outdated, and it may hang.
      if (mustEnd()) inFlight.abort(new Error('the work is saved, which has to be said'));
      wakeUp.now();
    })();
    return saving;
  };

  const apply = (answer: SyncAnswer, reported: SyncRequest): void => {
    isDrainWanted = answer.drain;
    mirrors.setRigs(answer.rigs);
    if (phase !== 'running') return;
    if (answer.drain || mustEnd()) {
      void save();
      return;
    }
    jobs.reconcile(answer.jobs);
    agents.reconcile(answer.agents, reported.agents);
  };

  const bootstrap = async (): Promise<void> => {
    const { socketUrl } = await controlPlane.bootstrap(inFlight.signal);
    if (socketUrl === null) return;
    socket = listenForPokes({ url: socketUrl, token: () => controlPlane.token, onPoke: onChange, log });
  };

  const loop = async (heard: () => void): Promise<SupervisorEnd> => {
    let retryMs = FIRST_RETRY_MS;
    let isBootstrapped = false;
    let farewellUntil: number | undefined;
    for (;;) {
      inFlight = new AbortController();
      if (mustEnd() && phase === 'running') void save();
      if (mustEnd() && phase === 'drained' && farewellUntil === undefined) {
        farewellUntil = performance.now() + FAREWELL_MS;
        setTimeout(() => inFlight.abort(new Error('no answer to the farewell')), FAREWELL_MS).unref();
      }
      try {
        if (!isBootstrapped) await bootstrap();
        isBootstrapped = true;
        const reported = report();
        const answer = await controlPlane.sync(reported, inFlight.signal);
        heard();
        retryMs = FIRST_RETRY_MS;
        // The town takes `drained` as the last word: work that came since waits for the next epoch.
        if (reported.phase === 'drained') return isCutOff ? 'cut_off' : 'drained';
        apply(answer, reported);
        await wakeUp.wait(answer.syncIntervalSeconds * 1000);
        await sleep(SETTLE_MS);
      } catch (error) {
        log(`sync: ${describe(error)}`);
        if (error instanceof ControlPlaneError && error.isSuperseded) return 'superseded';
        if (isCutOff && phase === 'drained') return 'cut_off';
        if (farewellUntil !== undefined && performance.now() >= farewellUntil) return 'cut_off';
        await wakeUp.wait(retryMs * (0.5 + Math.random()));
        retryMs = Math.min(retryMs * 2, mustEnd() ? FIRST_RETRY_MS * 2 : LONGEST_RETRY_MS);
      }
    }
  };

  /** The save begins now, whatever the loop waits for. */
  const endSoon = (): void => {
    void save();
    wakeUp.now();
  };

  const endAll = async (): Promise<void> => {
    socket?.close();
    await Promise.race([Promise.all([agents.stop('abandon'), jobs.stop()]), sleep(END_LIMIT_MS)]);
  };

  return {
    async run() {
      const silence = watchSilence({
        pauseAfterMs: options.pauseAfterMs ?? PAUSE_AFTER_MS,
        cutOffAfterMs: options.cutOffAfterMs ?? CUT_OFF_AFTER_MS,
        onPause() {
          // Agents that the town cannot see may have been given to somebody else.
          log('no sync has succeeded for a while: agents stop');
          void agents.stop('save');
        },
        onCutOff() {
          log('no sync has succeeded for too long: saving work');
          isCutOff = true;
          endSoon();
        },
      });
      try {
        return await loop(() => silence.heard());
      } finally {
        silence.stop();
        await endAll();
      }
    },
    drain() {
      isTerminating = true;
      endSoon();
    },
    kill: endAll,
    countAgents() {
      const states = agents.reports().map(({ state }) => state);
      const activeAgents = states.filter((state) => state === 'starting' || state === 'working').length;
      return { agents: states.length, activeAgents };
    },
  };
}

/** `fetch failed` alone says nothing. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
