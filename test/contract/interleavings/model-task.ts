import { TownError } from '../../../core/errors.ts';
import type { AgentClaims, ContainerClaims, Tasks } from '../../../core/ports.ts';
import type { JobResult } from '../../../core/protocol/job.ts';
import {
  SYNC_PROTOCOL,
  type AgentSpec,
  type SyncAnswer,
  type SyncRequest,
} from '../../../core/protocol/sync.ts';
import { ModelRemote } from '../../unit/core/model-remote.ts';
import type { TaskKey } from '../loop/model-platform.ts';

/** The container functions, as a task reaches them. */
export interface TaskOutside {
  sync(claims: ContainerClaims, report: SyncRequest): Promise<SyncAnswer>;
  done(claims: AgentClaims, branch: string): Promise<unknown>;
  approve(claims: AgentClaims): Promise<unknown>;
  claims(token: string): Promise<AgentClaims>;
}

interface Session {
  readonly spec: AgentSpec;
  state: 'working' | 'exited';
}

/** A task of a town that moves by steps: in each, every session and job ends that began in the one before, and then it syncs. */
export class ModelTask {
  /** Is there anything that it has not told of? */
  isBusy = true;
  isOver = false;
  readonly #key: TaskKey;
  readonly #remote: ModelRemote;
  readonly #sessions = new Map<string, Session>();
  readonly #jobs = new Map<string, { readonly result: JobResult }>();
  readonly #candidates = new Set<string>();
  #phase: SyncRequest['phase'] = 'running';
  #sequence = 0;

  constructor(key: TaskKey, remote: ModelRemote) {
    this.#key = key;
    this.#remote = remote;
  }

  async step(outside: TaskOutside): Promise<void> {
    for (const session of this.#sessions.values()) await this.#work(outside, session);
    if (this.#phase === 'draining') this.#phase = 'drained';
    this.#sequence += 1;
    this.isBusy = false;
    try {
      const answer = await outside.sync(this.#key, {
        protocol: SYNC_PROTOCOL,
        epoch: this.#key.epoch,
        sequence: this.#sequence,
        phase: this.#phase,
        agents: [...this.#sessions.values()].map(({ spec: { agentId, attempt }, state }) => ({
          agentId,
          attempt,
          state,
          usage: { inputTokens: 10, outputTokens: 0, costUsd: 0 },
          deliveredMessageIds: [],
        })),
        jobs: [...this.#jobs].map(([jobId, { result }]) => ({ jobId, state: 'done', result })),
      });
      this.#take(answer);
    } catch (error) {
      if (!(error instanceof TownError) || error.code !== 'gone') throw error;
      this.isOver = true;
    }
  }

  async #work(outside: TaskOutside, session: Session): Promise<void> {
    if (session.state === 'exited') return;
    session.state = 'exited';
    const { token, work } = session.spec;
    const claims = await outside.claims(token);
    try {
      if (work.kind === 'bead') {
        this.#remote.push(work.branch);
        await outside.done(claims, work.branch);
      } else if (work.kind === 'review') await outside.approve(claims);
    } catch (error) {
      // An agent that is told to stop stops.
      if (!(error instanceof TownError) || error.code !== 'gone') throw error;
    }
  }

  #take({ agents, jobs, drain }: SyncAnswer): void {
    if (this.#phase === 'drained') {
      this.isOver = true;
      return;
    }
    for (const [agentId, { spec }] of this.#sessions) {
      if (!agents.some((agent) => agent.agentId === agentId && agent.attempt === spec.attempt))
        this.#sessions.delete(agentId);
    }
    for (const spec of agents) {
      if (this.#sessions.has(spec.agentId)) continue;
      this.#sessions.set(spec.agentId, { spec, state: 'working' });
      this.isBusy = true;
    }
    for (const jobId of this.#jobs.keys())
      if (!jobs.some((job) => job.jobId === jobId)) this.#jobs.delete(jobId);
    for (const job of jobs) {
      if (this.#jobs.has(job.jobId)) continue;
      this.#jobs.set(job.jobId, { result: this.#remote.run(job, this.#candidates) });
      this.isBusy = true;
    }
    if (drain) this.isBusy = true;
    this.#phase = drain ? 'draining' : 'running';
  }
}

/** Does what it is told as often as it is told: whoever asks twice has two tasks. */
export class ModelTasks implements Tasks {
  /** Tasks that were started, in order. */
  readonly starts: TaskKey[] = [];
  /** Tasks that were started while another one was there. */
  readonly overlaps: TaskKey[] = [];
  readonly #tasks = new Map<number, ModelTask>();
  readonly #remote = new ModelRemote();

  async run(key: TaskKey): Promise<{ taskArn: string }> {
    if (this.alive !== undefined) this.overlaps.push(key);
    this.starts.push(key);
    this.#tasks.set(key.epoch, new ModelTask(key, this.#remote));
    return { taskArn: `arn:task/${key.epoch}` };
  }

  async stop({ epoch, reason }: TaskKey & { reason: string }): ReturnType<Tasks['stop']> {
    const task = this.#tasks.get(epoch);
    if (task === undefined) return { state: 'absent' };
    task.isOver = true;
    return { state: 'stopped', stopped: { reason } };
  }

  /** The one that runs. */
  get alive(): { readonly epoch: number; readonly task: ModelTask } | undefined {
    const found = [...this.#tasks].find(([, task]) => !task.isOver);
    return found === undefined ? undefined : { epoch: found[0], task: found[1] };
  }
}
