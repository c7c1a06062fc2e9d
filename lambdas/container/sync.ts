import { Superseded } from '../../core/errors.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import type {
  AgentClaims,
  ContainerClaims,
  Now,
  TokenSigner,
  TownQueue,
  TownStore,
} from '../../core/ports.ts';
import {
  SYNC_INTERVAL_SECONDS,
  SYNC_PROTOCOL,
  type AgentSpec,
  type SyncAnswer,
  type SyncRequest,
} from '../../core/protocol/sync.ts';
import type { Container, DesiredAgent, Observed } from '../../core/town/container.ts';
import { agentSettings } from './agent-settings.ts';
import { chatOf } from './chat.ts';
import { isNews } from './news.ts';

export interface SyncDeps {
  readonly store: Pick<
    TownStore,
    'container' | 'head' | 'observe' | 'body' | 'config' | 'record' | 'live' | 'history'
  >;
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
  const [stored, head] = await Promise.all([store.container(claims.townId), store.head(claims.townId)]);
  const container = currentContainer(stored?.container, claims, report.epoch);
  const { epoch, sequence, phase, agents, jobs } = report;
  const observed: Observed = { epoch, sequence, syncedAt: now(), phase, agents, jobs };
  const keyThumbprint = stored?.observed?.epoch === epoch ? stored.observed.keyThumbprint : undefined;
  const isNewest = await store.observe(claims.townId, { ...observed, keyThumbprint });
  if (isNewest && isNews(container, report)) {
    const fact = { type: 'container_synced', epoch, sequence } as const;
    await towns.send({ v: MESSAGE_VERSION, townId: claims.townId, fact });
  } else if (head?.dueAt !== undefined && head.dueAt <= now()) {
    // While a container runs the town need not wait for the sweeper: an idle one is stopped in time.
    await towns.send({ v: MESSAGE_VERSION, townId: claims.townId });
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

function workItemOf(townId: string, work: DesiredAgent['work']): AgentClaims['work'] {
  switch (work.kind) {
    case 'bead':
      return { kind: 'bead', id: work.beadId };
    case 'review':
      return { kind: 'mergeRequest', id: work.mergeRequestId };
    case 'chat':
      return { kind: 'town', id: townId };
    case 'triage':
      return { kind: 'triageRequest', id: work.requestId };
  }
}

async function specOf(
  deps: SyncDeps,
  { townId, epoch }: ContainerClaims,
  report: SyncRequest,
  desired: DesiredAgent,
): Promise<AgentSpec> {
  const { store, tokens } = deps;
  const { agentId, role, attempt, work } = desired;
  const workItem = workItemOf(townId, work);
  const token = await tokens.agentToken({ townId, epoch, agentId, role, attempt, work: workItem });
  // Long texts are read only when the agent is to be started, not at every sync.
  const isStarted = report.agents.some((agent) => agent.agentId === agentId && agent.attempt === attempt);
  const settings = isStarted ? {} : await agentSettings(store, townId, desired);
  if (work.kind === 'bead') {
    const { hasBody, hasFeedback, ...rest } = work;
    const body = !isStarted && hasBody ? await store.body(townId, work.beadId) : undefined;
    const bead = !isStarted && hasFeedback ? await store.record(townId, 'bead', work.beadId) : undefined;
    return { ...desired, ...settings, token, work: { ...rest, body, feedback: bead?.feedback } };
  }
  if (work.kind === 'chat') {
    return { ...desired, ...settings, token, work: await chatOf(deps.store, townId, isStarted) };
  }
  if (work.kind === 'triage') return { ...desired, ...settings, token, work };
  const { beadId, ...rest } = work;
  const body = !isStarted && beadId !== undefined ? await store.body(townId, beadId) : undefined;
  return { ...desired, ...settings, token, work: { ...rest, body } };
}
