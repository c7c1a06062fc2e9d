import * as z from 'zod';
import { Unauthorized } from '../../core/errors.ts';
import type { AgentClaims, ContainerClaims } from '../../core/ports.ts';
import { groupsClaim } from './groups-claim.ts';
import type { HttpEvent } from './route.ts';

const userClaims = z.object({ sub: z.string().min(1), 'cognito:groups': groupsClaim });
const containerClaims = z.object({ townId: z.string(), epoch: z.number() });
const agentClaims = containerClaims.extend({
  agentId: z.string(),
  role: z.string(),
  attempt: z.number(),
  work: z.object({ kind: z.enum(['bead', 'mergeRequest', 'triageRequest', 'town']), id: z.string() }),
});

export interface User {
  readonly id: string;
  /** The organisations that the user belongs to. */
  readonly orgIds: readonly string[];
}

/** Claims come from the authorizer's context only, never from the request. */
export function userOf(event: HttpEvent): User {
  const parsed = userClaims.safeParse(event.requestContext.authorizer?.jwt?.claims);
  if (!parsed.success) throw new Unauthorized('Sign in and send the token as `Authorization: Bearer …`.');
  return { id: parsed.data.sub, orgIds: parsed.data['cognito:groups'] };
}

export function containerOf(event: HttpEvent): ContainerClaims {
  const parsed = containerClaims.safeParse(event.requestContext.authorizer?.lambda);
  if (!parsed.success) throw new Unauthorized('This route takes a container token.');
  return parsed.data;
}

export function agentOf(event: HttpEvent): AgentClaims {
  const parsed = agentClaims.safeParse(event.requestContext.authorizer?.lambda);
  if (!parsed.success) throw new Unauthorized('This route takes an agent token.');
  return parsed.data;
}
