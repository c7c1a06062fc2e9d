import type { InboxStatement } from '../../../core/facts/inbox.ts';
import type { JobResult, JobSpec } from '../../../core/protocol/job.ts';
import type { AgentReport } from '../../../core/protocol/sync.ts';
import type { Container, DesiredAgent, Observed } from '../../../core/town/container.ts';
import { triageAction, type TriageAction } from '../../../core/town/triage-request.ts';
import { seconds } from '../../../core/town/instant.ts';
import { SYNC_INTERVAL_SECONDS } from '../../../core/protocol/sync.ts';

/** How a session ends: `done`, the verdicts and the decisions of triage are what its agent says; `exit`: the turn ends and nothing follows. */
export type Ending = 'done' | 'approve' | 'request_changes' | 'exit' | 'hang' | TriageAction;

/** The outside of a model container. */
export interface Surroundings {
  now(): number;
  after(ms: number, act: () => void): void;
  say(statement: InboxStatement): void;
  /** Stores a report and answers with what should run; undefined: this epoch is over. */
  sync(observed: Observed): Container | undefined;
  runJob(job: JobSpec, candidates: Set<string>): JobResult;
  /** Asked when a session starts, and again when it was told something. */
  endingOf(agent: DesiredAgent): Ending;
  push(branch: string): void;
  exited(): void;
}

interface Session {
  readonly spec: DesiredAgent;
  state: AgentReport['state'];
  readonly told: Set<string>;
  /** Tokens so far: each turn costs ten. */
  inputTokens: number;
}

const BOOT_MS = seconds(20);
const TURN_MS = seconds(60);
const IDLE_EXIT_MS = seconds(120);
const JOB_MS = seconds(5);
const SAVE_MS = seconds(10);

/** One task of the town: syncs every 30 virtual seconds, when something changes in it and when it is poked. */
export class ModelContainer {
  isAlive = true;
  readonly #epoch: number;
  readonly #outside: Surroundings;
  readonly #sessions = new Map<string, Session>();
  readonly #jobs = new Map<string, JobResult | undefined>();
  readonly #candidates = new Set<string>();
  #phase: Observed['phase'] = 'running';
  #sequence = 0;

  constructor(epoch: number, outside: Surroundings) {
    this.#epoch = epoch;
    this.#outside = outside;
    outside.after(BOOT_MS, () => this.#syncRegularly());
  }

  /** Ends at once, without a word; what was on its disk is gone. */
  kill(): void {
    this.isAlive = false;
  }

  poke(): void {
    if (this.isAlive && this.#sequence > 0) this.#sync();
  }

  #syncRegularly(): void {
    if (!this.isAlive) return;
    this.#sync();
    this.#after(seconds(SYNC_INTERVAL_SECONDS), () => this.#syncRegularly());
  }

  #after(ms: number, act: () => void): void {
    this.#outside.after(ms, () => {
      if (this.isAlive) act();
    });
  }

  #sync(): void {
    this.#sequence += 1;
    const wanted = this.#outside.sync({
      epoch: this.#epoch,
      sequence: this.#sequence,
      syncedAt: this.#outside.now(),
      phase: this.#phase,
      agents: [...this.#sessions.values()].map(reportOf),
      jobs: [...this.#jobs].map(([jobId, result]) =>
        result === undefined ? { jobId, state: 'running' } : { jobId, state: 'done', result },
      ),
    });
    if (wanted === undefined) return this.#exit();
    if (this.#phase === 'drained') return this.#exit();
    this.#drainOrNot(wanted.state === 'draining');
    this.#runAgents(wanted.desired.agents);
    this.#runJobs(wanted.desired.jobs);
  }

  #exit(): void {
    this.isAlive = false;
    this.#outside.exited();
  }

  #drainOrNot(isDrainWanted: boolean): void {
    if (!isDrainWanted) {
      this.#phase = 'running';
      return;
    }
    if (this.#phase !== 'running') return;
    this.#phase = 'draining';
    this.#after(SAVE_MS, () => {
      if (this.#phase !== 'draining') return;
      this.#phase = 'drained';
      this.#sync();
    });
  }

  #runAgents(wanted: readonly DesiredAgent[]): void {
    for (const { spec } of this.#sessions.values()) {
      const isWanted = wanted.some((agent) => isSame(agent, spec));
      if (!isWanted) this.#sessions.delete(spec.agentId);
    }
    for (const spec of wanted) {
      const session = this.#sessions.get(spec.agentId);
      const news = spec.messages.filter(({ messageId }) => session?.told.has(messageId) !== true);
      if (session === undefined) this.#start(spec);
      else if (news.length > 0) {
        for (const { messageId } of news) session.told.add(messageId);
        this.#turn(session);
      }
    }
  }

  #start(spec: DesiredAgent): void {
    const session: Session = { spec, state: 'starting', told: new Set(), inputTokens: 0 };
    for (const { messageId } of spec.messages) session.told.add(messageId);
    this.#sessions.set(spec.agentId, session);
    this.#turn(session);
  }

  #turn(session: Session): void {
    session.state = 'working';
    session.inputTokens += 10;
    const ending = this.#outside.endingOf(session.spec);
    this.#after(TURN_MS, () => {
      if (this.#sessions.get(session.spec.agentId) !== session) return;
      this.#end(session, ending);
    });
  }

  #end(session: Session, ending: Ending): void {
    const { agentId, attempt, work } = session.spec;
    if (ending === 'hang') return;
    if (ending === 'exit') session.state = 'exited';
    else {
      session.state = 'idle';
      this.#after(IDLE_EXIT_MS, () => {
        if (session.state !== 'idle' || this.#sessions.get(agentId) !== session) return;
        session.state = 'exited';
        this.#sync();
      });
    }
    if (ending === 'done' && work.kind === 'bead') {
      this.#outside.push(work.branch);
      const { beadId, branch } = work;
      this.#outside.say({ type: 'agent_done', agentId, beadId, attempt, branch });
    } else if ((ending === 'approve' || ending === 'request_changes') && work.kind === 'review') {
      const { mergeRequestId } = work;
      this.#outside.say({ type: 'agent_verdict', agentId, mergeRequestId, attempt, verdict: ending });
    } else if (work.kind === 'triage' && ending !== 'exit') {
      const action = triageAction.parse(ending);
      const { requestId } = work;
      this.#outside.say({ type: 'triage_resolved', agentId, attempt, requestId, action, notes: 'go on' });
    }
    this.#sync();
  }

  #runJobs(wanted: readonly JobSpec[]): void {
    for (const jobId of this.#jobs.keys()) {
      if (!wanted.some((job) => job.jobId === jobId)) this.#jobs.delete(jobId);
    }
    for (const job of wanted) {
      if (this.#jobs.has(job.jobId)) continue;
      this.#jobs.set(job.jobId, undefined);
      this.#after(JOB_MS, () => {
        if (!this.#jobs.has(job.jobId)) return;
        this.#jobs.set(job.jobId, this.#outside.runJob(job, this.#candidates));
        this.#sync();
      });
    }
  }
}

/** A session belongs to one dispatch; told by what the protocol says, and nothing else. */
const isSame = (a: DesiredAgent, b: DesiredAgent): boolean =>
  a.agentId === b.agentId && a.attempt === b.attempt;

const reportOf = ({ spec, state, told, inputTokens }: Session): AgentReport => ({
  agentId: spec.agentId,
  attempt: spec.attempt,
  state,
  usage: { inputTokens, outputTokens: 0, costUsd: 0 },
  deliveredMessageIds: [...told],
});
