import type { Draft } from '../draft.ts';
import type { JobSpec } from '../protocol/job.ts';
import type { Agent } from './agent.ts';
import type { Bead } from './bead.ts';
import type { Mail } from './mail.ts';
import type { Rig } from './rig.ts';
import { baseBranch } from './branches.ts';
import { effectiveConfig } from './config.ts';
import type { Desired, DesiredAgent } from './container.ts';

/**
 * What the container should run, from the live records alone: working agents, and the jobs that were asked for. In the order
 * of ids: records that this step made stand elsewhere when they are read again, and that is no change.
 */
export function desiredState(draft: Draft): Desired {
  const agents = withinRoom(
    inOrder(draft.all('agent')).flatMap((agent) => desiredAgentOf(draft, agent) ?? []),
  );
  const jobs = [...verifyJobs(draft), ...mergeJobs(draft)];
  const rigIds = new Set([...agents, ...jobs].map(({ rigId }) => rigId));
  const rigs = inOrder(draft.all('rig')).filter((rig) => rigIds.has(rig.id));
  return {
    rigs: rigs.map(({ id, gitUrl, defaultBranch }) => ({ rigId: id, gitUrl, defaultBranch })),
    agents,
    jobs,
  };
}

const inOrder = <T extends { id: string }>(records: readonly T[]): T[] =>
  records.toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** Is something to be run? A mayor that nobody has written to only keeps its place until the container sleeps. */
export const isRunnable = ({ agents, jobs }: Desired): boolean =>
  jobs.length > 0 ||
  agents.some(
    ({ work, messages }) =>
      work.kind !== 'chat' || !work.isWaiting || messages.some(({ mode }) => mode !== 'queue'),
  );

function desiredAgentOf(draft: Draft, agent: Agent): DesiredAgent | undefined {
  const work = agent.status === 'idle' ? undefined : workOf(draft, agent);
  if (work === undefined) return undefined;
  const { id: agentId, role, name, rigId, attempt } = agent;
  return { agentId, role, name, rigId, attempt, work, messages: messagesFor(draft, agent) };
}

/** Messages that an agent is told at once, at most; the others follow. */
const MOST_TOLD = 5;
/** UTF-8 of all messages together: the container is one item, which has room for 400 KB, and agents and jobs need their part. */
const MOST_TOLD_BYTES = 160 * 1024;

/**
 * Agents with as many of their messages as there is room for; the others follow when these were said. First what is written
 * to the mayor, whose messages fit together, then what waits longest; last what waits for something else to be said.
 */
function withinRoom(agents: readonly DesiredAgent[]): DesiredAgent[] {
  const rankOf = (agent: DesiredAgent, { mode }: DesiredAgent['messages'][number]): number =>
    mode === 'queue' ? 2 : agent.work.kind === 'chat' ? 0 : 1;
  const waiting = agents.flatMap((agent) =>
    agent.messages.map(({ messageId, text, mode }) => {
      const bytes = new TextEncoder().encode(text).length;
      return { messageId, bytes, rank: rankOf(agent, { messageId, text, mode }) };
    }),
  );
  const told = new Set<string>();
  let room = MOST_TOLD_BYTES;
  for (const { messageId, bytes } of waiting.toSorted(
    (a, b) => a.rank - b.rank || (a.messageId < b.messageId ? -1 : 1),
  )) {
    room -= bytes;
    if (room < 0) break;
    told.add(messageId);
  }
  return agents.map((agent) => ({
    ...agent,
    messages: agent.messages.filter(({ messageId }) => told.has(messageId)),
  }));
}

/** What was written to the mayor is for whichever session it has; other agents' mail ends with their session. */
function messagesFor(draft: Draft, agent: Agent): DesiredAgent['messages'] {
  const isMayor = agent.role === 'mayor';
  const mine = inOrder(draft.all('mail'))
    .filter(({ agentId, attempt }) => agentId === agent.id && (isMayor || attempt === agent.attempt))
    .toSorted((a, b) => Number(b.isUrgent ?? false) - Number(a.isUrgent ?? false));
  // What only waits for the next thing to be said must not keep that away.
  let queued = 0;
  let others = 0;
  const told = mine.filter(({ mode }) => (mode === 'queue' ? (queued += 1) : (others += 1)) <= MOST_TOLD);
  return told.map(({ id, text, mode, attempt }) => ({
    ...messageOf(id, text, mode),
    ...(attempt < agent.attempt ? { isRepeated: true } : {}),
  }));
}

const messageOf = (
  messageId: string,
  text: string,
  mode: Mail['mode'],
): DesiredAgent['messages'][number] => ({
  messageId,
  text,
  ...(mode === undefined ? {} : { mode }),
});

function workOf(draft: Draft, agent: Agent): DesiredAgent['work'] | undefined {
  if (agent.role === 'mayor') {
    return { kind: 'chat', isWaiting: agent.status === 'waiting', repliesTaken: agent.repliesTaken ?? 0 };
  }
  const rig = draft.get('rig', agent.rigId);
  if (rig === undefined || agent.hook === undefined) return undefined;
  if (agent.hook.kind === 'bead') {
    const bead = draft.get('bead', agent.hook.id);
    if (bead?.branch === undefined) return undefined;
    return {
      kind: 'bead',
      beadId: bead.id,
      title: bead.title,
      hasBody: bead.hasBody,
      hasFeedback: bead.feedback !== undefined,
      branch: bead.branch,
      base: baseOf(draft, bead, rig),
      createBaseFrom: rig.defaultBranch,
    };
  }
  if (agent.hook.kind === 'triageRequest') {
    const request = draft.get('triageRequest', agent.hook.id);
    const about = draft.get('agent', request?.agentId);
    if (request === undefined || about === undefined) return undefined;
    const { id: requestId, type, title, text } = request;
    const beadTitle = draft.get('bead', request.beadId)?.title;
    return { kind: 'triage', requestId, type, title, text, agentName: about.name, beadTitle };
  }
  const mr = draft.get('mergeRequest', agent.hook.id);
  if (mr?.headSha === undefined || mr.candidate === undefined) return undefined;
  const { id: mergeRequestId, title, branch, headSha, target, candidate, subject } = mr;
  const beadId = subject.kind === 'bead' ? subject.id : undefined;
  return { kind: 'review', mergeRequestId, beadId, title, branch, headSha, target, ...candidate };
}

/** A repair goes where its pull request goes. */
const baseOf = (draft: Draft, bead: Bead, rig: Rig): string =>
  draft.get('mergeRequest', bead.repairOf)?.target ?? baseBranch(rig, draft.get('convoy', bead.convoyId));

function verifyJobs(draft: Draft): JobSpec[] {
  const beads = inOrder(draft.all('bead'));
  return beads.flatMap((bead) => {
    const rig = draft.get('rig', bead.rigId);
    if (bead.done?.jobId === undefined || rig === undefined) return [];
    const base = baseOf(draft, bead, rig);
    const { jobId, branch } = bead.done;
    const others = beads.filter((other) => other.rigId === bead.rigId && other.branch !== branch);
    const foreignBranches = others.flatMap((other) => other.branch ?? []);
    return [{ kind: 'verify', jobId, rigId: rig.id, branch, base, foreignBranches } as const];
  });
}

function mergeJobs(draft: Draft): JobSpec[] {
  return inOrder(draft.all('mergeRequest')).flatMap((mr): JobSpec[] => {
    const rig = draft.get('rig', mr.rigId);
    if (mr.jobId === undefined || rig === undefined) return [];
    const { jobId, rigId, id: mergeRequestId, target, batch = [] } = mr;
    if (mr.stage === 'merging') {
      if (mr.headSha === undefined || mr.candidate === undefined) return [];
      return [{ kind: 'merge', jobId, rigId, mergeRequestId, headSha: mr.headSha, target, ...mr.candidate }];
    }
    const { gates, gateTimeoutSeconds } = effectiveConfig(draft.base.config, rig.config);
    // A landing is evaluated at whatever its feature branch points to now; a bead's branch only as it was verified.
    const headSha = mr.subject.kind === 'convoy' ? null : (mr.headSha ?? null);
    // The last of a batch is the one that is checked, after the others.
    const all = [{ id: mr.id, title: mr.title, branch: mr.branch, headSha }, ...batch];
    const last = all.pop();
    if (last === undefined) return [];
    const ahead = all.flatMap((one) =>
      one.headSha === null ? [] : [{ mergeRequestId: one.id, title: one.title, headSha: one.headSha }],
    );
    return [
      {
        kind: 'check',
        jobId,
        rigId,
        mergeRequestId: last.id,
        title: last.title,
        branch: last.branch,
        headSha: last.headSha,
        target,
        ...(ahead.length === 0 ? {} : { ahead }),
        gates: [...gates],
        gateTimeoutSeconds,
      },
    ];
  });
}
