import { describe, expect, it } from 'vitest';
import { Unauthorized } from '../../../core/errors.ts';
import { agentOf, containerOf, userOf } from '../../../lambdas/http/claims.ts';
import type { HttpEvent } from '../../../lambdas/http/route.ts';

type Authorizer = HttpEvent['requestContext']['authorizer'];

/** Only the authorizer's context is read. */
const eventWith = (authorizer: Authorizer): HttpEvent =>
  ({
    requestContext: { authorizer },
    headers: { authorization: 'Bearer of no account' },
  }) as unknown as HttpEvent;

describe('claims', () => {
  it('a user is who the pool says, whatever else is in the token', () => {
    const claims = { sub: 'user', username: 'somebody', scope: 'openid' };
    expect(userOf(eventWith({ jwt: { claims } }))).toEqual({ id: 'user', orgIds: [] });
    const bad: Authorizer[] = [undefined, {}, { jwt: { claims: {} } }, { jwt: { claims: { sub: '' } } }];
    for (const authorizer of [...bad, { lambda: { sub: 'user' } }]) {
      expect(() => userOf(eventWith(authorizer))).toThrow(Unauthorized);
    }
  });

  it("a container's and an agent's claims are taken whole or not at all", () => {
    const container = { townId: 'town', epoch: 1 };
    const agent = {
      ...container,
      agentId: 'a',
      role: 'polecat',
      attempt: 1,
      work: { kind: 'bead', id: 'b' },
    };
    expect(containerOf(eventWith({ lambda: container }))).toEqual(container);
    expect(agentOf(eventWith({ lambda: agent }))).toEqual(agent);
    expect(() => agentOf(eventWith({ lambda: container }))).toThrow(Unauthorized);
    expect(() => containerOf(eventWith({ jwt: { claims: container } }))).toThrow(Unauthorized);
    expect(() => containerOf(eventWith({ lambda: { townId: 'town' } }))).toThrow(Unauthorized);
  });
});
