import type { OutboxRow } from '../../../core/effects.ts';
import type { InboxStatement } from '../../../core/facts/inbox.ts';
import type { MessageFact } from '../../../core/facts/message.ts';
import { createIds } from '../../../core/ids.ts';
import { ALL_INVARIANTS } from '../../../core/invariants/all.ts';
import type { JobResult } from '../../../core/protocol/job.ts';
import type { AgentReport } from '../../../core/protocol/sync.ts';
import type { Observation } from '../../../core/pull-request/observation.ts';
import { reconcile, type Outcome } from '../../../core/reconcile.ts';
import type { Rule } from '../../../core/rules/rule.ts';
import type { Agent } from '../../../core/town/agent.ts';
import type { Bead } from '../../../core/town/bead.ts';
import { absentContainer, type Container, type Observed } from '../../../core/town/container.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import type { Head } from '../../../core/town/head.ts';
import type { Escalation } from '../../../core/town/escalation.ts';
import type { Mail } from '../../../core/town/mail.ts';
import type { MergeRequest, PullRequest } from '../../../core/town/merge-request.ts';
import type { Rig } from '../../../core/town/rig.ts';
import type { Town } from '../../../core/town/town.ts';
import type { TriageRequest } from '../../../core/town/triage-request.ts';

/** Towns for tests, written as what differs from a plain one. Every record is as old as `T0` unless it says otherwise. */

export const T0 = Date.UTC(2026, 0, 1);
export const SEED = 'a seed of at least 128 random bits';
const stamps = { rev: 1, createdAt: T0, updatedAt: T0 };

/** A commit id that says which one it is. */
export const sha = (n: number): string => n.toString(16).padStart(40, '0');
export const CANDIDATE = { targetSha: sha(1), candidateSha: sha(2) };

export const rig = (over: Partial<Rig> = {}): Rig => ({
  ...stamps,
  id: 'rig',
  name: 'rig',
  gitUrl: 'file:///srv/git/rig.git',
  defaultBranch: 'main',
  config: {},
  ...over,
});

export const bead = (id: string, over: Partial<Bead> = {}): Bead => ({
  ...stamps,
  id,
  type: 'issue',
  rigId: 'rig',
  title: `Bead ${id}`,
  hasBody: false,
  status: 'open',
  statusSince: T0,
  priority: 'medium',
  labels: [],
  isHeld: false,
  dependsOn: [],
  attempt: 0,
  doneRefusals: 0,
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  createdBy: 'user',
  ...over,
});

/** A bead that the agent `agentId` works on, at its first attempt. */
export const workedBead = (id: string, agentId: string, over: Partial<Bead> = {}): Bead =>
  bead(id, { status: 'in_progress', assigneeAgentId: agentId, branch: `gt/${id}`, attempt: 1, ...over });

/** A bead whose agent says that it is done; `jobId` is the job that verifies it. */
export const claimedBead = (
  id: string,
  agentId: string,
  over: Partial<NonNullable<Bead['done']>> = {},
): Bead =>
  workedBead(id, agentId, {
    done: { agentId, branch: `gt/${id}`, at: T0, jobErrors: 0, jobId: 'verify', ...over },
  });

export const convoy = (id: string, over: Partial<Convoy> = {}): Convoy => ({
  ...stamps,
  id,
  rigId: 'rig',
  title: `Convoy ${id}`,
  mode: 'review-then-land',
  state: 'active',
  stateSince: T0,
  featureBranch: `convoy/${id}/head`,
  beads: [],
  landingAttempts: 0,
  createdBy: 'user',
  ...over,
});

/** The merge request of the bead `beadId`; its bead has to be in review. */
export const mergeRequest = (id: string, beadId: string, over: Partial<MergeRequest> = {}): MergeRequest => ({
  ...stamps,
  id,
  rigId: 'rig',
  subject: { kind: 'bead', id: beadId },
  title: `Bead ${beadId}`,
  branch: `gt/${beadId}`,
  target: 'main',
  headSha: sha(3),
  stage: 'queued',
  stageSince: T0,
  jobCount: 0,
  jobErrors: 0,
  staleCount: 0,
  reviewAttempt: 0,
  ...over,
});

/** The landing of a convoy. */
export const landing = (id: string, convoyId: string, over: Partial<MergeRequest> = {}): MergeRequest =>
  mergeRequest(id, 'none', {
    subject: { kind: 'convoy', id: convoyId },
    branch: `convoy/${convoyId}/head`,
    headSha: undefined,
    ...over,
  });

/** A rig whose repository is on a forge, in a town that merges by pull request unless its settings say otherwise. */
export const forgeRig = (refinery: NonNullable<Rig['config']['refinery']> = {}): Rig =>
  rig({
    gitUrl: 'https://github.com/owner/repository.git',
    forge: 'github',
    config: { mergeStrategy: 'pr', refinery },
  });

/** A pull request that was looked at at `T0` and is blocked by nothing. */
export const pullRequest = (over: Partial<PullRequest> = {}): PullRequest => ({
  number: 5,
  url: 'https://github.com/owner/repository/pull/5',
  headSha: sha(3),
  blockers: [],
  at: T0,
  observedAt: T0,
  readySince: T0,
  effects: 1,
  repairs: 0,
  ...over,
});

/** A merge request that is an open pull request, checked and accepted by the town. */
export const asPullRequest = (
  id: string,
  beadId: string,
  of: Partial<PullRequest> = {},
  over: Partial<MergeRequest> = {},
): MergeRequest =>
  mergeRequest(id, beadId, { stage: 'open', candidate: CANDIDATE, pullRequest: pullRequest(of), ...over });

/** What a look at the pull request of the merge request `m` says: nothing has changed. */
export const observation = (over: Partial<Observation> = {}): Observation => ({
  mergeRequestId: 'm',
  number: 5,
  url: 'https://github.com/owner/repository/pull/5',
  state: 'open',
  headSha: sha(3),
  baseBranch: 'main',
  blockers: [],
  at: T0 + 1,
  ...over,
});

export const reviewedBead = (id: string, over: Partial<Bead> = {}): Bead =>
  bead(id, { status: 'in_review', branch: `gt/${id}`, attempt: 1, ...over });

export const agent = (id: string, over: Partial<Agent> = {}): Agent => ({
  ...stamps,
  id,
  role: 'polecat',
  name: id,
  rigId: 'rig',
  status: 'idle',
  attempt: 0,
  ...over,
});

export const worker = (id: string, beadId: string, over: Partial<Agent> = {}): Agent =>
  agent(id, { status: 'working', hook: { kind: 'bead', id: beadId }, attempt: 1, dispatchedAt: T0, ...over });

export const reviewer = (id: string, mrId: string, over: Partial<Agent> = {}): Agent =>
  worker(id, '', { role: 'refinery', hook: { kind: 'mergeRequest', id: mrId }, ...over });

export const mail = (id: string, agentId: string, over: Partial<Mail> = {}): Mail => ({
  ...stamps,
  id,
  agentId,
  attempt: 1,
  text: 'a word',
  ...over,
});

export const escalation = (id: string, over: Partial<Escalation> = {}): Escalation => ({
  ...stamps,
  id,
  severity: 'medium',
  title: 'help',
  agentId: 'x',
  ...over,
});

export const triageRequest = (id: string, over: Partial<TriageRequest> = {}): TriageRequest => ({
  ...stamps,
  id,
  type: 'stuck_agent',
  title: 'stuck',
  rigId: 'rig',
  attempts: 0,
  ...over,
});

export const container = (state: Container['state'], over: Partial<Container> = {}): Container => ({
  ...absentContainer(T0),
  rev: 1,
  state,
  ...(state === 'absent' ? {} : { epoch: 1, startedAt: T0 }),
  ...over,
});

export const observed = (over: Partial<Observed> = {}): Observed => ({
  epoch: 1,
  sequence: 1,
  syncedAt: T0,
  phase: 'running',
  agents: [],
  jobs: [],
  ...over,
});

export const report = (
  agentId: string,
  state: AgentReport['state'],
  over: Partial<AgentReport> = {},
): AgentReport => ({
  agentId,
  attempt: 1,
  state,
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  deliveredMessageIds: [],
  ...over,
});

/** A container that runs and has finished one job. */
export const jobDone = (jobId: string, result: JobResult): Partial<Town> => ({
  container: container('running'),
  observed: observed({ jobs: [{ jobId, state: 'done', result }] }),
});

export const outboxRow = (type: 'run_task' | 'stop_task', over: Partial<OutboxRow> = {}): OutboxRow => ({
  key: `${type}:1`,
  effect:
    type === 'run_task'
      ? { type, epoch: 1 }
      : { type, epoch: 1, reason: 'asked to', absenceProvenAt: T0 + 60_000 },
  decisionId: '1-0',
  attempt: 1,
  sentAt: T0,
  createdAt: T0,
  ...over,
});

export interface TownParts {
  readonly head?: Partial<Head>;
  readonly config?: Partial<Town['config']>;
  readonly rigs?: readonly Rig[];
  readonly beads?: readonly Bead[];
  readonly convoys?: readonly Convoy[];
  readonly mergeRequests?: readonly MergeRequest[];
  readonly agents?: readonly Agent[];
  readonly mails?: readonly Mail[];
  readonly escalations?: readonly Escalation[];
  readonly triageRequests?: readonly TriageRequest[];
  readonly container?: Container | undefined;
  readonly observed?: Observed | undefined;
  readonly inbox?: readonly (InboxStatement | Town['inbox'][number])[];
  readonly outbox?: readonly OutboxRow[] | ReadonlyMap<string, OutboxRow>;
}

const byId = <T extends { id: string }>(records: readonly T[] = []): ReadonlyMap<string, T> =>
  new Map(records.map((record) => [record.id, record]));

/** A town with one rig, no container and nothing to do, and what `parts` say. */
export function town(parts: TownParts = {}): Town {
  const { outbox = [], inbox = [] } = parts;
  const head = {
    id: 'town',
    name: 'Town',
    ownerId: 'owner',
    lifecycle: 'active',
    version: 7,
    schema: 1,
  } as const;
  return {
    head: { ...head, createdAt: T0, updatedAt: T0, ...parts.head },
    config: { rev: 1, ...parts.config },
    container: parts.container ?? container('absent', { idleSince: T0 }),
    observed: parts.observed,
    live: {
      rig: byId(parts.rigs ?? [rig()]),
      bead: byId(parts.beads),
      convoy: byId(parts.convoys),
      mergeRequest: byId(parts.mergeRequests),
      agent: byId(parts.agents),
      mail: byId(parts.mails),
      escalation: byId(parts.escalations),
      triageRequest: byId(parts.triageRequests),
    },
    inbox: inbox.map((item, index) =>
      'statement' in item ? item : { id: `inbox-${index}`, at: T0, statement: item },
    ),
    outbox: outbox instanceof Map ? outbox : new Map([...outbox.values()].map((row) => [row.key, row])),
  };
}

/** One whole step of the town, `afterMs` after `T0`. */
export const step = (of: Town, facts: readonly MessageFact[] = [], afterMs = 0): Outcome =>
  reconcile(of, facts, T0 + afterMs, createIds(SEED, T0 + afterMs));

/** Only these rules, with every invariant. */
export const runRules = (rules: readonly Rule[], of: Town, afterMs = 0): Outcome =>
  reconcile(of, [], T0 + afterMs, createIds(SEED, T0 + afterMs), { rules, invariants: ALL_INVARIANTS });

/** Only what stands in the inbox and the observed state, and these facts; no rule. */
export const applyFacts = (of: Town, facts: readonly MessageFact[] = [], afterMs = 0): Outcome =>
  reconcile(of, facts, T0 + afterMs, createIds(SEED, T0 + afterMs), {
    rules: [],
    invariants: ALL_INVARIANTS,
  });

/** `subject: from → to` of every decision, in order; one that moves no status shows its subject alone. */
export const decided = ({ decisions }: Outcome): string[] =>
  decisions.map(({ subject, from, to }) =>
    [
      `${subject.kind} ${subject.id}:`,
      ...(from === undefined ? [] : [from]),
      ...(to === undefined ? [] : ['→', to]),
    ]
      .join(' ')
      .replace(/:$/, ''),
  );

/** `subject: state on waitingOn` of every wait, in order. */
export const waited = ({ waits }: Outcome): string[] =>
  waits.map(({ subject, state, waitingOn }) => `${subject.kind} ${subject.id}: ${state} on ${waitingOn}`);
