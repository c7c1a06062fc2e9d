import type * as z from 'zod';
import type { Ids } from '../../core/ids.ts';
import type { AgentClaims } from '../../core/ports.ts';
import * as api from '../../core/protocol/agent-api.ts';
import { agentOf } from '../http/claims.ts';
import { defineInternalRoute } from '../http/define-route.ts';
import type { Answer, Route } from '../http/route.ts';
import { inboxOf, nudge, readMail, sendMail } from './agent-messages.ts';
import type { AgentToolDeps } from './agent-statements.ts';
import * as tools from './agent-tools.ts';
import { callContext } from './call-ids.ts';

const ok = (body: unknown): Answer => ({ status: 200, body });

/** The routes of the agents' tools. */
export function agentRoutes(deps: AgentToolDeps): Route[] {
  /** A statement: the same for every try of its call. */
  const statement = <T>(
    path: `/v1/agent/${string}`,
    operationId: string,
    body: z.ZodType<T>,
    act: (deps: AgentToolDeps, claims: AgentClaims, input: T, ids: Ids) => Promise<unknown>,
  ): Route =>
    defineInternalRoute({
      method: 'POST',
      path,
      auth: 'agent',
      operationId,
      body,
      run: async ({ event, body: input, ids, at }) => {
        const claims = agentOf(event);
        const context = callContext(event, claims, deps.now, { ids, at });
        return { status: 202, body: await act(deps, claims, input, context.ids) };
      },
    });
  return [
    defineInternalRoute({
      method: 'GET',
      path: '/v1/agent/prime',
      auth: 'agent',
      operationId: 'primeAgent',
      run: async ({ event }) => ok(await tools.prime(deps, agentOf(event))),
    }),
    defineInternalRoute({
      method: 'GET',
      path: '/v1/agent/beads/{beadId}',
      auth: 'agent',
      operationId: 'getAgentBead',
      run: async ({ event, params }) => ok(await tools.beadStatus(deps, agentOf(event), params.beadId)),
    }),
    defineInternalRoute({
      method: 'GET',
      path: '/v1/agent/mail',
      auth: 'agent',
      operationId: 'readAgentMail',
      run: async ({ event }) => ok(await inboxOf(deps, agentOf(event))),
    }),
    defineInternalRoute({
      method: 'GET',
      path: '/v1/agent/molecule',
      auth: 'agent',
      operationId: 'getAgentMolecule',
      run: async ({ event }) => ok(await tools.molecule(deps, agentOf(event))),
    }),
    statement('/v1/agent/molecule', 'advanceAgentMolecule', api.advanceRequest, tools.advance),
    statement('/v1/agent/done', 'reportDone', api.doneRequest, tools.done),
    statement('/v1/agent/verdict', 'giveVerdict', api.verdictRequest, tools.verdict),
    statement('/v1/agent/escalate', 'escalate', api.escalateRequest, tools.escalate),
    statement('/v1/agent/checkpoint', 'keepCheckpoint', api.checkpointRequest, tools.checkpoint),
    statement('/v1/agent/status', 'setAgentStatus', api.statusRequest, tools.setStatus),
    statement('/v1/agent/mail', 'sendAgentMail', api.mailRequest, sendMail),
    statement('/v1/agent/mail/read', 'markAgentMailRead', api.mailReadRequest, readMail),
    statement('/v1/agent/nudge', 'nudgeFromAgent', api.nudgeRequest, nudge),
    statement('/v1/agent/triage/resolve', 'resolveTriage', api.resolveTriageRequest, tools.resolveTriage),
  ];
}
