import { Superseded } from '../../core/errors.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import type { ContainerClaims, Now, TokenSigner, TownQueue, TownStore } from '../../core/ports.ts';
import {
  SYNC_INTERVAL_SECONDS,
  SYNC_PROTOCOL,
  type AgentSpec,
  type SyncAnswer,
  type SyncRequest,
} from '../../core/protocol/sync.ts';
import type { Container, DesiredAgent, Observed } from '../../core/town/container.ts';

export interface SyncDeps {
  readonly store: Pick<TownStore, 'container' | 'observe' | 'body' | 'record'>;
  readonly towns: TownQueue;
  readonly tokens: TokenSigner;
  readonly now: Now;
}

/** Takes a report, answers with what should run (design decision 9). */
export async function sync(
  deps: SyncDeps,
  claims: ContainerClaims,
  report: SyncRequest,
): Promise<SyncAnswer> {
  const { store, towns, now } = deps;
  const stored = await store.container(claims.townId);
  const container = currentContainer(stored?.container, claims, report.epoch);
  const { epoch, sequence, phase, agents, jobs } = report;
  const observed: Observed = { epoch, sequence, syncedAt: now(), phase, agents, jobs };
  const keyThumbprint = stored?.observed?.epoch === epoch ? stored.observed.keyThumbprint : undefined;
  const isNewest = await store.observe(claims.townId, { ...observed, keyThumbprint });
  if (isNewest && isNews(container, report)) {
    const fact = { type: 'container_synced', epoch, sequence } as const;
    await towns.send({ v: MESSAGE_VERSION, townId: claims.townId, fact });
  }
  const { desired } = container;
  return {
    protocol: SYNC_PROTOCOL,
    epoch,
    revision: container.rev,
    containerToken: await deps.tokens.containerToken(claims),
    drain: container.state === 'draining',
    rigs: desired.rigs,
    agents: await Promise.all(desired.agents.map((agent) => specOf(deps, claims, report, agent))),
    jobs: desired.jobs,
    syncIntervalSeconds: SYNC_INTERVAL_SECONDS,
  };
}

/** The container that the claims speak of, if it is still the town's. */
export function currentContainer(
  container: Container | undefined,
  claims: ContainerClaims,
  epoch: number,
): Container {
  const isCurrent = container !== undefined && claims.epoch === container.epoch && epoch === container.epoch;
  const isWanted = container !== undefined && ['starting', 'running', 'draining'].includes(container.state);
  if (container === undefined || !isCurrent || !isWanted) {
    throw new Superseded(`Epoch ${epoch} is over: end this container without touching anything.`);
  }
  return container;
}

/** Is there something in the report that the town has not drawn its conclusions from? Asked anew at every sync. */
function isNews({ state, desired }: Container, report: SyncRequest): boolean {
  // A container may also be drained without being asked to: the platform stops it.
  if (state === 'starting' || report.phase === 'drained') return true;
  const wantedJobs = new Set(desired.jobs.map(({ jobId }) => jobId));
  if (report.jobs.some((job) => job.state === 'done' && wantedJobs.has(job.jobId))) return true;
  return report.agents.some((agent) => {
    const wanted = desired.agents.find(({ agentId }) => agentId === agent.agentId);
    if (wanted === undefined || wanted.attempt !== agent.attempt) return false;
    const isOver = agent.state === 'exited' || agent.state === 'failed';
    return isOver || wanted.messages.some(({ messageId }) => agent.deliveredMessageIds.includes(messageId));
  });
}

async function specOf(
  { store, tokens }: SyncDeps,
  { townId, epoch }: ContainerClaims,
  report: SyncRequest,
  desired: DesiredAgent,
): Promise<AgentSpec> {
  const { agentId, role, attempt, work } = desired;
  const workItem =
    work.kind === 'bead'
      ? ({ kind: 'bead', id: work.beadId } as const)
      : ({ kind: 'mergeRequest', id: work.mergeRequestId } as const);
  const token = await tokens.agentToken({ townId, epoch, agentId, role, attempt, work: workItem });
  // Long texts are read only when the agent is to be started, not at every sync.
  const isStarted = report.agents.some((agent) => agent.agentId === agentId && agent.attempt === attempt);
  if (work.kind === 'bead') {
    const { hasBody, hasFeedback, ...rest } = work;
    const body = !isStarted && hasBody ? await store.body(townId, work.beadId) : undefined;
    const bead = !isStarted && hasFeedback ? await store.record(townId, 'bead', work.beadId) : undefined;
    return { ...desired, token, work: { ...rest, body, feedback: bead?.feedback } };
  }
  const { beadId, ...rest } = work;
  const body = !isStarted && beadId !== undefined ? await store.body(townId, beadId) : undefined;
  return { ...desired, token, work: { ...rest, body } };
}
