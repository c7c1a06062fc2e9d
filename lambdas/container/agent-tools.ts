import { Conflict, InvalidInput, NotFound } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import type { AgentClaims } from '../../core/ports.ts';
import type {
  AdvanceRequest,
  CheckpointRequest,
  DoneRequest,
  EscalateRequest,
  MoleculeAnswer,
  PrimeAnswer,
  ResolveTriageRequest,
  StatementAccepted,
  StatusRequest,
  VerdictRequest,
} from '../../core/protocol/agent-api.ts';
import { triageActionsFor } from '../../core/protocol/triage-actions.ts';
import { currentStep } from '../../core/town/molecule.ts';
import { current, state, type AgentToolDeps } from './agent-statements.ts';

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

/** Keeps what the agent wants to know again. The call says all of it: the last one counts. */
export async function checkpoint(
  deps: AgentToolDeps,
  claims: AgentClaims,
  { data }: CheckpointRequest,
  ids: Ids,
): Promise<StatementAccepted> {
  if (claims.work.kind !== 'bead') throw new NotFound('Only a worker keeps a checkpoint: it has a bead.');
  await current(deps, claims);
  const { agentId, attempt, townId, work } = claims;
  const statement = { type: 'agent_checkpointed', agentId, attempt, beadId: work.id, data } as const;
  return state(
    deps,
    townId,
    statement,
    'Kept. You get it back if your session has to start anew.',
    ids.next(),
  );
}

/** The step of the agent's bead that is to be done now, and what was said of those before it. */
export async function molecule(deps: AgentToolDeps, claims: AgentClaims): Promise<MoleculeAnswer> {
  const known = (await moleculeOf(deps, claims))?.molecule;
  const present = known === undefined ? undefined : currentStep(known);
  if (known === undefined || present === undefined) return null;
  const { index, count, title, instructions } = present;
  const finished = known.summaries.map((summary, nth) => ({ title: known.steps[nth]?.title ?? '', summary }));
  return { step: index + 1, of: count, title, instructions, finished };
}

/** The present step is finished. Another number is refused: the answer says which step is the present one. */
export async function advance(
  deps: AgentToolDeps,
  claims: AgentClaims,
  { step, summary }: AdvanceRequest,
  ids: Ids,
): Promise<StatementAccepted> {
  const bead = await moleculeOf(deps, claims);
  const present = bead?.molecule === undefined ? undefined : currentStep(bead.molecule);
  if (bead?.molecule === undefined || present === undefined)
    throw new NotFound('Your bead has no step that is not finished.');
  if (step !== present.index + 1)
    throw new Conflict(`The present step is ${present.index + 1} (${present.title}), not ${step}.`);
  const { agentId, attempt, townId } = claims;
  const statement = {
    type: 'agent_advanced',
    agentId,
    attempt,
    beadId: bead.id,
    step: present.index,
    summary,
  } as const;
  const next = bead.molecule.steps[step];
  const message =
    next === undefined
      ? 'Accepted: it was the last step. Push, and call gt_done.'
      : `Accepted. Next is step ${step + 1} of ${present.count}: ${next.title}.${next.instructions === undefined ? '' : ` ${next.instructions}`}`;
  return state(deps, townId, statement, message, ids.next());
}

async function moleculeOf(deps: AgentToolDeps, claims: AgentClaims) {
  if (claims.work.kind !== 'bead') throw new NotFound('Only a worker has steps: it has a bead.');
  await current(deps, claims);
  return deps.store.record(claims.townId, 'bead', claims.work.id);
}

/** Shows people what the agent is doing. */
export async function setStatus(
  deps: AgentToolDeps,
  claims: AgentClaims,
  { message: text }: StatusRequest,
  ids: Ids,
): Promise<StatementAccepted> {
  await current(deps, claims);
  const { agentId, attempt, townId } = claims;
  const statement = { type: 'agent_status_set', agentId, attempt, text } as const;
  return state(deps, townId, statement, 'People can see it.', ids.next());
}

/** The decision of a triage agent; what was not offered to it is refused. */
export async function resolveTriage(
  deps: AgentToolDeps,
  claims: AgentClaims,
  { action, reason: notes }: ResolveTriageRequest,
  ids: Ids,
): Promise<StatementAccepted> {
  if (claims.work.kind !== 'triageRequest') throw new NotFound('Only triage decides on requests.');
  await current(deps, claims);
  const { agentId, attempt, townId, work } = claims;
  const request = await deps.store.record(townId, 'triageRequest', work.id);
  if (request === undefined) throw new NotFound('The request is not open any more.');
  const actions = triageActionsFor({ hasBead: request.beadId !== undefined });
  if (!actions.includes(action)) {
    throw new InvalidInput(`Of this request you can decide: ${actions.join(', ')}.`);
  }
  const statement = {
    type: 'triage_resolved',
    agentId,
    attempt,
    requestId: request.id,
    action,
    notes,
  } as const;
  return state(deps, townId, statement, 'Accepted. You are finished with this request.', ids.next());
}

export async function prime(deps: AgentToolDeps, claims: AgentClaims): Promise<PrimeAnswer> {
  const { id: agentId, role, name } = await current(deps, claims);
  const { townId, work } = claims;
  if (work.kind === 'bead') {
    const bead = await deps.store.record(townId, 'bead', work.id);
    if (bead === undefined) throw new NotFound('The bead is not live any more.');
    const { id, title, status, branch, feedback } = bead;
    const body = bead.hasBody ? await deps.store.body(townId, id) : undefined;
    // What another agent kept is not for this one.
    const checkpoint = bead.checkpoint?.agentId === agentId ? bead.checkpoint.data : undefined;
    const present = bead.molecule === undefined ? undefined : currentStep(bead.molecule);
    const step =
      present === undefined
        ? undefined
        : `Step ${present.index + 1} of ${present.count}: ${present.title}${present.instructions === undefined ? '' : `. ${present.instructions}`}`;
    return {
      agentId,
      role,
      name,
      work: { kind: 'bead', id, title, body, status, branch, feedback, checkpoint, step },
    };
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
  if (work.kind === 'triageRequest') {
    const request = await deps.store.record(townId, 'triageRequest', work.id);
    if (request === undefined) throw new NotFound('The request is not open any more.');
    const { id, title, text: body } = request;
    return { agentId, role, name, work: { kind: 'triage', id, title, body, status: 'open' } };
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
