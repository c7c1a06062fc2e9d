import { uuidv7 } from 'uuidv7';
import { InvalidInput, NotFound, Superseded } from '../../core/errors.ts';
import type { InboxStatement } from '../../core/facts/inbox.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import type { Ids } from '../../core/ids.ts';
import type { AgentClaims, Now, TownQueue, TownStore } from '../../core/ports.ts';
import type {
  DoneRequest,
  EscalateRequest,
  PrimeAnswer,
  StatementAccepted,
  VerdictRequest,
} from '../../core/protocol/agent-api.ts';

export interface AgentToolDeps {
  readonly store: Pick<TownStore, 'record' | 'body' | 'container' | 'addInbox' | 'archived' | 'head'>;
  readonly towns: TownQueue;
  readonly now: Now;
}

/** What an agent says is checked against what it is: a superseded epoch or attempt is refused where it would be written. */
async function current({ store }: AgentToolDeps, claims: AgentClaims) {
  const [agent, stored] = await Promise.all([
    store.record(claims.townId, 'agent', claims.agentId),
    store.container(claims.townId),
  ]);
  // The mayor has no work item: it is at work while it has a session.
  const isOnIt =
    claims.work.kind === 'town'
      ? agent?.role === 'mayor' && agent.status !== 'idle'
      : agent?.hook?.id === claims.work.id;
  const isCurrent = isOnIt && agent?.attempt === claims.attempt && stored?.container.epoch === claims.epoch;
  if (agent === undefined || !isCurrent) {
    throw new Superseded(
      'This work was given to somebody else or is finished. Stop: nothing you do counts any more.',
    );
  }
  return agent;
}

async function state(
  { store, towns, now }: AgentToolDeps,
  townId: string,
  statement: InboxStatement,
  message: string,
  inboxId = uuidv7(),
): Promise<StatementAccepted> {
  await store.addInbox(townId, { id: inboxId, at: now(), statement });
  await towns.send({ v: MESSAGE_VERSION, townId });
  return { inboxId, message };
}

export async function done(
  deps: AgentToolDeps,
  claims: AgentClaims,
  { branch, summary }: DoneRequest,
): Promise<StatementAccepted> {
  if (claims.role !== 'polecat' || claims.work.kind !== 'bead')
    throw new NotFound('Only a worker calls gt_done.');
  await current(deps, claims);
  const { agentId, attempt, townId, work } = claims;
  const statement = { type: 'agent_done', agentId, beadId: work.id, attempt, branch, summary } as const;
  return state(
    deps,
    townId,
    statement,
    'Accepted. The branch is being verified; you hear of it only if it is refused.',
  );
}

export async function verdict(
  deps: AgentToolDeps,
  claims: AgentClaims,
  { verdict: word, feedback }: VerdictRequest,
): Promise<StatementAccepted> {
  if (claims.work.kind !== 'mergeRequest') throw new NotFound('Only a reviewer gives a verdict.');
  if (word === 'request_changes' && (feedback ?? '').trim() === '') {
    throw new InvalidInput('To request changes, say in `feedback` what has to change and where.');
  }
  await current(deps, claims);
  const { agentId, attempt, townId, work } = claims;
  const statement = {
    type: 'agent_verdict',
    agentId,
    mergeRequestId: work.id,
    attempt,
    verdict: word,
    feedback,
  } as const;
  return state(deps, townId, statement, 'Accepted. You are finished with this merge request.');
}

/** Asks people for help. The same call again is the same escalation: its id is the call's. */
export async function escalate(
  deps: AgentToolDeps,
  claims: AgentClaims,
  { severity, title, text }: EscalateRequest,
  ids: Ids,
): Promise<StatementAccepted> {
  if (claims.work.kind === 'town') throw new NotFound('The mayor speaks to people itself.');
  await current(deps, claims);
  const { agentId, attempt, townId } = claims;
  const escalationId = ids.next();
  const statement = {
    type: 'agent_escalated',
    escalationId,
    agentId,
    attempt,
    severity,
    title,
    text,
  } as const;
  const message =
    'People can see it now. Nobody answers at once: go on with whatever you can do without help.';
  return state(deps, townId, statement, message, ids.next());
}

export async function prime(deps: AgentToolDeps, claims: AgentClaims): Promise<PrimeAnswer> {
  const { id: agentId, role, name } = await current(deps, claims);
  const { townId, work } = claims;
  if (work.kind === 'bead') {
    const bead = await deps.store.record(townId, 'bead', work.id);
    if (bead === undefined) throw new NotFound('The bead is not live any more.');
    const { id, title, status, branch, feedback } = bead;
    const body = bead.hasBody ? await deps.store.body(townId, id) : undefined;
    return { agentId, role, name, work: { kind: 'bead', id, title, body, status, branch, feedback } };
  }
  if (work.kind === 'town') {
    const head = await deps.store.head(townId);
    if (head === undefined) throw new NotFound('The town is gone.');
    return {
      agentId,
      role,
      name,
      work: { kind: 'chat', id: townId, title: head.name, status: head.lifecycle },
    };
  }
  const mr = await deps.store.record(townId, 'mergeRequest', work.id);
  if (mr === undefined) throw new NotFound('The merge request is not live any more.');
  const { id, title, stage: status, branch } = mr;
  return { agentId, role, name, work: { kind: 'review', id, title, status, branch } };
}

/** A bead of the agent's own rig, live or archived; any of the town for the mayor, with its body. */
export async function beadStatus(deps: AgentToolDeps, claims: AgentClaims, beadId: string) {
  const agent = await current(deps, claims);
  const bead =
    (await deps.store.record(claims.townId, 'bead', beadId)) ??
    (await deps.store.archived(claims.townId, 'bead', beadId));
  const isMayor = agent.role === 'mayor';
  if (bead === undefined || (!isMayor && bead.rigId !== agent.rigId))
    throw new NotFound(`There is no bead ${beadId} in this ${isMayor ? 'town' : 'rig'}.`);
  const { id, title, status, branch, dependsOn } = bead;
  const body = isMayor && bead.hasBody ? await deps.store.body(claims.townId, id) : undefined;
  return { id, title, status, branch, dependsOn, ...(body === undefined ? {} : { body }) };
}
