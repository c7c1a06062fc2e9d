import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentReport, AgentSpec, ModelCredentials } from '../../core/protocol/sync.ts';
import { startAgent, type RunningAgent } from '../agents/agent.ts';
import { watchBranch, type BranchWatch } from '../git/branch-watch.ts';
import type { Mirror } from '../git/mirror.ts';
import { saveWorkInProgress } from '../git/save-work.ts';
import { endProcessesOf } from '../process/process-user.ts';
import type { ProcessUsers } from '../process/process-users.ts';
import type { AgentSnapshots, AgentSnapshotsOptions } from '../snapshots/agent-snapshots.ts';
import { prepareChatDirectory } from './chat-directory.ts';
import { commitIdentity } from '../git/commit-identity.ts';
import { prepareAgentWorktree, prepareReviewWorktree, removeWorktree } from '../git/worktree.ts';

export interface SlotOptions {
  readonly workDir: string;
  readonly apiUrl: string;
  readonly pluginFile: string;
  readonly mirrorFor: (rigId: string) => Promise<Mirror>;
  readonly credentials: (agentId: string) => Promise<ModelCredentials>;
  /** Variables that people set for agents. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  readonly users: ProcessUsers;
  readonly snapshotsFor: (
    agentId: string,
    of: Pick<AgentSnapshotsOptions, 'home' | 'directory' | 'user'>,
  ) => AgentSnapshots;
  readonly log: (message: string) => void;
  readonly onChange: () => void;
}

/**
 * `keep`: what was pushed is in the mirror and backed up. `save`: uncommitted work too. `abandon`: processes end and nothing
 * is touched, since somebody else may be at work.
 */
export type SlotEnd = 'keep' | 'save' | 'abandon';

/** One agent on one attempt: its worktree, its session, and what is left to be done when it ends. */
export interface AgentSlot {
  readonly agentId: string;
  readonly attempt: number;
  report(): AgentReport;
  /** Has its session had a turn? */
  hadTurn(): boolean;
  /** The newest token and messages. */
  update(spec: AgentSpec): void;
  /** Ends the session. Never rejects. */
  stop(how: SlotEnd): Promise<void>;
}

const NOTHING_SPENT = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** @param startsFresh a session of the agent had turns in this container: it broke, or somebody reset it */
export function openAgentSlot(
  first: AgentSpec,
  options: SlotOptions,
  { startsFresh }: { startsFresh: boolean },
): AgentSlot {
  const { agentId, attempt, rigId, name, work, instructions, gitAuthor } = first;
  const identity = commitIdentity(name, gitAuthor);
  const { log, onChange, workDir } = options;
  const home = join(workDir, 'agents', agentId, `${attempt}`);
  /** The mayor's is the same in every container: its sessions belong to the folder. */
  const directory = work.kind === 'chat' ? join(workDir, 'agents', agentId, 'chat') : join(home, 'worktree');
  /** It works through the town's tools alone. */
  const hasNoRepository = work.kind === 'chat' || work.kind === 'triage';
  const user = options.users.ofAgent(agentId);
  /** Of the mayor alone: nobody goes on with the session of another agent. */
  const snapshots =
    work.kind === 'chat'
      ? options.snapshotsFor(agentId, { home: join(home, 'home'), directory, user })
      : undefined;
  const starting = new AbortController();
  let spec = first;
  let running: RunningAgent | undefined;
  let watch: BranchWatch | undefined;
  let mirror: Mirror | undefined;
  let failure: string | undefined;
  let lastTurnAt: string | undefined;

  const start = async (): Promise<void> => {
    if (hasNoRepository) return startSession();
    mirror = await options.mirrorFor(rigId);
    const request = { mirror, agentId, agentName: name, directory, user };
    if (work.kind === 'bead') {
      const { branch, base, createBaseFrom } = work;
      const { resumed } = await prepareAgentWorktree({ ...request, identity, branch, base, createBaseFrom });
      watch = watchBranch({ mirror, agentId, branch, log });
      log(`worktree of ${name} on ${branch}${resumed ? ', resumed' : ''}`);
    } else {
      const { candidateSha, headSha } = work;
      await prepareReviewWorktree({ ...request, candidateSha, headSha });
    }
    await startSession();
  };
  const startSession = async (): Promise<void> => {
    await mkdir(home, { recursive: true });
    if (hasNoRepository) await prepareChatDirectory(directory, user);
    if (!startsFresh) await snapshots?.restore();
    if (starting.signal.aborted) return;
    running = await startAgent({
      // Later answers leave the long texts out.
      spec: { ...spec, work, instructions },
      directory,
      home: join(home, 'home'),
      apiUrl: options.apiUrl,
      credentials: await options.credentials(agentId),
      variables: await options.environment(),
      pluginFile: options.pluginFile,
      tokenFile: join(home, 'token'),
      gitAuthor: identity.author,
      user,
      log: (message) => log(`${name}: ${message}`),
      onChange(report) {
        // A message whose turn has not ended is told again, whatever becomes of this container.
        if (report.state === 'idle' && report.lastTurnAt !== lastTurnAt) snapshots?.changed();
        lastTurnAt = report.lastTurnAt;
        onChange();
      },
      signal: starting.signal,
    });
    // A token or a message may have come while it started.
    await running.refreshToken(spec.token);
    running.deliver(spec.messages);
  };
  const started = start().catch((error: unknown) => {
    if (!starting.signal.aborted) failure = error instanceof Error ? error.message : String(error);
    log(`${name} did not start: ${failure ?? 'stopped'}`);
    onChange();
  });

  const finish = async (how: SlotEnd): Promise<void> => {
    starting.abort();
    await started;
    await running?.stop();
    await endProcessesOf(user);
    // What broke is not gone on with: the snapshot before it stays.
    await snapshots?.finish(how !== 'abandon' && running?.report().state === 'exited');
    await watch?.stop();
    if (mirror === undefined || how === 'abandon') return;
    if (how === 'save' && work.kind === 'bead' && watch !== undefined) {
      await saveWorkInProgress({ mirror, agentName: name, identity, branch: work.branch, directory, user });
    }
    await removeWorktree({ mirror, agentId, directory });
  };

  return {
    agentId,
    attempt,
    report() {
      if (running !== undefined && failure === undefined) return running.report();
      const state = failure === undefined ? 'starting' : 'failed';
      const reason = failure === undefined ? {} : { reason: failure.slice(0, 500) };
      return { agentId, attempt, state, ...reason, usage: NOTHING_SPENT, deliveredMessageIds: [] };
    },
    hadTurn: () => lastTurnAt !== undefined,
    update(next) {
      spec = next;
      running?.deliver(next.messages);
      running?.refreshToken(next.token).catch((error: unknown) => log(`token of ${name}: ${String(error)}`));
    },
    stop: (how) =>
      finish(how).catch((error: unknown) => {
        log(`ending ${name}: ${error instanceof Error ? error.message : String(error)}`);
      }),
  };
}
