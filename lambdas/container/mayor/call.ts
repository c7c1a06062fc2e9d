import { InvalidInput, NotFound, Superseded } from '../../../core/errors.ts';
import type { AgentClaims } from '../../../core/ports.ts';
import type { MayorToolInput, MayorToolName } from '../../../core/protocol/mayor-api.ts';
import type * as z from 'zod';
import type { Caller } from '../../api/caller.ts';
import type { TownDeps } from '../../api/context.ts';
import type { RouteContext } from '../../http/route.ts';

/** A call of one of the mayor's tools: the same operations as people's, for the mayor's own town. */
export interface MayorCall extends RouteContext {
  readonly deps: TownDeps;
  readonly caller: Caller;
  readonly townId: string;
}

export type MayorOperation<Name extends MayorToolName> = (
  call: MayorCall,
  input: MayorToolInput<Name>,
) => Promise<unknown>;

/** The mayor's session is checked at each call: a superseded one may be speaking of what another has answered. */
export async function mustBeMayor({ store }: TownDeps, claims: AgentClaims): Promise<void> {
  const { townId, agentId, work } = claims;
  if (claims.role !== 'mayor' || work.kind !== 'town' || work.id !== townId) {
    throw new NotFound('Only the mayor of a town has this tool.');
  }
  const [agent, stored] = await Promise.all([
    store.record(townId, 'agent', agentId),
    store.container(townId),
  ]);
  const isCurrent =
    agent?.role === 'mayor' &&
    agent.status !== 'idle' &&
    agent.attempt === claims.attempt &&
    stored?.container.epoch === claims.epoch;
  if (!isCurrent)
    throw new Superseded('Another session of the mayor has taken over. Stop: nothing you do counts.');
}

/** What the schema of people's own route takes. @throws InvalidInput */
export function asTaken<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const [first] = issues;
  throw new InvalidInput(`${first?.path ?? 'The call'}: ${first?.message ?? 'not understood'}`, issues);
}
