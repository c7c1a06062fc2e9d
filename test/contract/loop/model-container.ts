import { TownError } from '../../../core/errors.ts';
import type { AgentClaims, ContainerClaims } from '../../../core/ports.ts';
import type { JobResult, JobSpec } from '../../../core/protocol/job.ts';
import {
  SYNC_INTERVAL_SECONDS,
  SYNC_PROTOCOL,
  type AgentReport,
  type AgentSpec,
  type BootstrapAnswer,
  type SyncAnswer,
  type SyncRequest,
} from '../../../core/protocol/sync.ts';
import { minutes, seconds } from '../../../core/town/instant.ts';
import type { Program } from './model-platform.ts';
import type { Act } from './virtual-time.ts';

/**
 * How a turn ends. Well: `done`, a verdict, `reply` (the mayor), `resolve` (triage). Badly: nothing follows (`exit`), it never ends (`hang`), the session
 * breaks after (`crash`) or before (`outage`) it has cost something, or takes its container along (`oom`). With a lie: done without
 * a push, on another branch, with somebody else's commits, twice, or with a flood of escalations before it.
 */
export const ENDINGS = [
  'done',
  'approve',
  'request_changes',
  'reply',
  'resolve',
  'exit',
  'hang',
  'crash',
  'outage',
  'oom',
  'unpushed',
  'wrong_branch',
  'foreign_commits',
  'twice',
  'flood',
] as const;
export type Ending = (typeof ENDINGS)[number];

/** The outside of a model container: the container functions, the remote, the clock. */
export interface Outside {
  now(): number;
  after(ms: number, act: Act): void;
  bootstrap(): Promise<BootstrapAnswer>;
  sync(claims: ContainerClaims, report: SyncRequest): Promise<SyncAnswer>;
  /** States `done` (on this branch) or the verdict. */
  state(claims: AgentClaims, ending: 'approve' | 'request_changes' | { branch: string }): Promise<void>;
  claims(agentToken: string): Promise<AgentClaims>;
  runJob(job: JobSpec, candidates: Set<string>): JobResult;
  endingOf(agent: AgentSpec): Ending;
  /** Does its session ever start? Asked once for each. */
  starts(agent: AgentSpec): boolean;
  push(branch: string, commits?: { isForeign: boolean }): void;
  escalate(claims: AgentClaims, title: string): Promise<void>;
  talks(agent: AgentSpec): boolean;
  /** Calls of every tool that tells others and the town something. @param others agents in the same container */
  talk(claims: AgentClaims, others: readonly string[]): readonly Act[];
  /** Triage decides. */
  resolve(claims: AgentClaims): Promise<void>;
}

interface Session {
  spec: AgentSpec;
  state: AgentReport['state'];
  readonly told: Set<string>;
  inputTokens: number;
  /** The mayor's, of whom they are told until the town has taken them. */
  readonly replies: NonNullable<AgentReport['replies']>;
  lastTurnAt?: string;
  /** Once in a session: agents that answer each other would never come to an end. */
  hasTalked: boolean;
}

const TURN_MS = seconds(60);
const TALK_MS = seconds(2);
const IDLE_EXIT_MS = seconds(120);
const JOB_MS = seconds(5);
const SAVE_MS = seconds(10);
const RETRY_MS = seconds(3);
/** A supervisor that reaches nobody for so long saves and exits (design decision 9). */
const LONELY_MS = minutes(5);

/** One task of the town: syncs every 30 virtual seconds, when something changes in it and when it is poked. */
export class ModelContainer implements Program {
  isAlive = true;
  readonly #claims: ContainerClaims;
  readonly #outside: Outside;
  readonly #exit: (exitCode: number) => void;
  readonly #sessions = new Map<string, Session>();
  readonly #jobs = new Map<string, JobResult | undefined>();
  readonly #candidates = new Set<string>();
  /** By agent and attempt. */
  readonly #starts = new Map<string, boolean>();
  #phase: SyncRequest['phase'] = 'running';
  #sequence = 0;
  #lastAnswerAt: number;

  constructor(claims: ContainerClaims, outside: Outside, exit: (exitCode: number) => void) {
    this.#claims = claims;
    this.#outside = outside;
    this.#exit = exit;
    this.#lastAnswerAt = outside.now();
    outside.after(0, () => this.#bootstrap());
  }

  end(): void {
    this.isAlive = false;
  }

  poke(): void {
    if (this.isAlive && this.#sequence > 0) this.#after(0, () => this.#sync());
  }

  async #bootstrap(): Promise<void> {
    if (await this.#reached(() => this.#outside.bootstrap())) return this.#syncRegularly();
    this.#after(RETRY_MS, () => this.#bootstrap());
  }

  async #syncRegularly(): Promise<void> {
    await this.#sync();
    this.#after(seconds(SYNC_INTERVAL_SECONDS), () => this.#syncRegularly());
  }

  #after(ms: number, act: Act): void {
    this.#outside.after(ms, () => (this.isAlive ? act() : undefined));
  }

  /** False: try again. Ends this container when it is told that it is over, or hears nothing for too long. */
  async #reached<T>(call: () => Promise<T>): Promise<T | undefined> {
    if (!this.isAlive) return undefined;
    try {
      const answer = await call();
      this.#lastAnswerAt = this.#outside.now();
      return answer;
    } catch (error) {
      const isOver = error instanceof TownError && (error.code === 'gone' || error.code === 'unauthorized');
      if (isOver || this.#outside.now() - this.#lastAnswerAt > LONELY_MS) this.#exit(isOver ? 0 : 1);
      return undefined;
    }
  }

  async #sync(): Promise<void> {
    this.#sequence += 1;
    const answer = await this.#reached(() =>
      this.#outside.sync(this.#claims, {
        protocol: SYNC_PROTOCOL,
        epoch: this.#claims.epoch,
        sequence: this.#sequence,
        phase: this.#phase,
        agents: [...this.#sessions.values()].map(reportOf),
        jobs: [...this.#jobs].map(([jobId, result]) =>
          result === undefined ? { jobId, state: 'running' } : { jobId, state: 'done', result },
        ),
      }),
    );
    if (answer === undefined || !this.isAlive) return;
    if (this.#phase === 'drained') return this.#exit(0);
    this.#drain(answer.drain);
    this.#runAgents(answer.agents);
    this.#runJobs(answer.jobs);
  }

  #drain(isAsked: boolean): void {
    if (!isAsked) {
      this.#phase = 'running';
      return;
    }
    if (this.#phase !== 'running') return;
    this.#phase = 'draining';
    this.#after(SAVE_MS, async () => {
      if (this.#phase !== 'draining') return;
      this.#phase = 'drained';
      await this.#sync();
    });
  }

  #runAgents(wanted: readonly AgentSpec[]): void {
    for (const [agentId, { spec }] of this.#sessions) {
      if (!wanted.some((agent) => agent.agentId === agentId && agent.attempt === spec.attempt))
        this.#sessions.delete(agentId);
    }
    for (const spec of wanted) {
      if (!this.#isStarting(spec)) continue;
      const session = this.#sessions.get(spec.agentId) ?? newSession(spec);
      const isNew = !this.#sessions.has(spec.agentId);
      this.#sessions.set(spec.agentId, session);
      session.spec = spec;
      const news = spec.messages.filter(({ messageId }) => !session.told.has(messageId));
      for (const { messageId } of news) session.told.add(messageId);
      // The mayor waits for somebody to say something.
      if (isNew && spec.work.kind === 'chat' && news.length === 0) session.state = 'idle';
      else if (isNew || news.length > 0) this.#turn(session);
    }
  }

  #isStarting(spec: AgentSpec): boolean {
    const key = `${spec.agentId} ${spec.attempt}`;
    const isStarting = this.#starts.get(key) ?? this.#outside.starts(spec);
    this.#starts.set(key, isStarting);
    return isStarting;
  }

  #turn(session: Session): void {
    session.state = 'working';
    session.lastTurnAt = new Date(this.#outside.now()).toISOString();
    const ending = this.#outside.endingOf(session.spec);
    if (ending !== 'outage') session.inputTokens += TURN_TOKENS;
    this.#after(TURN_MS, () => this.#finish(session, ending));
  }

  async #finish(session: Session, ending: Ending): Promise<void> {
    const { agentId, work } = session.spec;
    if (this.#sessions.get(agentId) !== session) return;
    session.lastTurnAt = new Date(this.#outside.now()).toISOString();
    switch (ending) {
      case 'hang':
        return;
      case 'oom':
        return this.#exit(137);
      case 'exit':
        session.state = 'exited';
        return this.#sync();
      case 'crash':
      case 'outage':
        session.state = 'failed';
        return this.#sync();
      case 'reply':
        session.state = 'idle';
        session.replies.push({ sequence: session.replies.length + 1, text: 'Well.', at: session.lastTurnAt });
        return this.#sync();
      default:
    }
    const claims = await this.#outside.claims(session.spec.token);
    if (!session.hasTalked && this.#outside.talks(session.spec)) {
      session.hasTalked = true;
      const others = [...this.#sessions.values()].filter((one) => one !== session && one.state === 'working');
      const ids = others.map(({ spec }) => spec.agentId);
      return this.#talk(session, ending, this.#outside.talk(claims, ids));
    }
    try {
      if (ending === 'flood') {
        for (let nth = 1; nth <= FLOOD; nth += 1) await this.#outside.escalate(claims, `help ${nth}`);
      }
      if (work.kind === 'triage') await this.#outside.resolve(claims);
      else if (work.kind === 'bead') await this.#claimDone(claims, work.branch, ending);
      else await this.#outside.state(claims, ending === 'request_changes' ? ending : 'approve');
    } catch (error) {
      // An agent whose tool fails uses it again; one that is told to stop stops.
      if (!(error instanceof TownError) || error.retry !== 'never') {
        this.#after(RETRY_MS, () => this.#finish(session, ending));
        return;
      }
    }
    session.state = 'idle';
    this.#after(IDLE_EXIT_MS, async () => {
      if (session.state !== 'idle' || this.#sessions.get(agentId) !== session) return;
      session.state = 'exited';
      await this.#sync();
    });
    await this.#sync();
  }

  /** One call after the other, then the turn ends. Nobody has to hear it: a call that fails is no reason to stop. */
  async #talk(session: Session, ending: Ending, calls: readonly Act[]): Promise<void> {
    const [call, ...rest] = calls;
    if (this.#sessions.get(session.spec.agentId) !== session) return;
    if (call === undefined) return this.#finish(session, ending);
    try {
      await call();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
    this.#after(TALK_MS, () => this.#talk(session, ending, rest));
  }

  async #claimDone(claims: AgentClaims, branch: string, ending: Ending): Promise<void> {
    if (ending !== 'unpushed') this.#outside.push(branch, { isForeign: ending === 'foreign_commits' });
    const said = { branch: ending === 'wrong_branch' ? 'main' : branch };
    await this.#outside.state(claims, said);
    if (ending === 'twice') await this.#outside.state(claims, said);
  }

  #runJobs(wanted: readonly JobSpec[]): void {
    for (const jobId of this.#jobs.keys()) {
      if (!wanted.some((job) => job.jobId === jobId)) this.#jobs.delete(jobId);
    }
    for (const job of wanted) {
      if (this.#jobs.has(job.jobId)) continue;
      this.#jobs.set(job.jobId, undefined);
      this.#after(JOB_MS, async () => {
        if (!this.#jobs.has(job.jobId)) return;
        this.#jobs.set(job.jobId, this.#outside.runJob(job, this.#candidates));
        await this.#sync();
      });
    }
  }
}

const TURN_TOKENS = 10;
const FLOOD = 30;

const newSession = (spec: AgentSpec): Session => ({
  spec,
  state: 'starting',
  told: new Set(),
  inputTokens: 0,
  replies: [],
  hasTalked: false,
});

const reportOf = ({ spec, state, told, inputTokens, replies, lastTurnAt }: Session): AgentReport => ({
  agentId: spec.agentId,
  attempt: spec.attempt,
  state,
  usage: { inputTokens, outputTokens: 0, costUsd: inputTokens / 1000 },
  deliveredMessageIds: [...told].slice(-50),
  ...(lastTurnAt === undefined ? {} : { lastTurnAt }),
  ...(replies.length === 0 ? {} : { replies: replies.slice(-5) }),
});
