import { describe, expect, it } from 'vitest';
import { Unauthorized } from '../../../core/errors.ts';
import { userOf } from '../../../lambdas/http/claims.ts';
import type { HttpEvent } from '../../../lambdas/http/route.ts';
import { claimsAsText } from '../../../local/front/jwt-claims.ts';

/** Only the authorizer's context is read. */
const eventOf = (claims: Record<string, unknown>): HttpEvent =>
  ({ requestContext: { authorizer: { jwt: { claims } } } }) as unknown as HttpEvent;

const groupsOf = (groups: unknown): readonly string[] | 'refused' => {
  try {
    return userOf(eventOf({ sub: 'user', ...(groups === undefined ? {} : { 'cognito:groups': groups }) }))
      .orgIds;
  } catch (error) {
    expect(error).toBeInstanceOf(Unauthorized);
    return 'refused';
  }
};

describe('the organisations of a user', () => {
  const rows: [reason: string, claim: unknown, orgIds: readonly string[] | 'refused'][] = [
    ['a user without groups has no such claim', undefined, []],
    ['as API Gateway hands a list over', '[acme globex]', ['acme', 'globex']],
    ['one group', '[acme]', ['acme']],
    ['an empty list', '[]', []],
    ['as it is in the token', ['acme', 'globex'], ['acme', 'globex']],
    ['named twice', '[acme acme]', ['acme']],
    ['brackets are allowed in a name', '[[a] b]]', ['[a]', 'b]']],
    ['letters of other alphabets too', '[größe 東京]', ['größe', '東京']],
    ['a bare text could be anything', 'acme', 'refused'],
    ['another separator', '[acme,globex', 'refused'],
    ['not closed', '[acme globex', 'refused'],
    ['an empty name', '[acme  globex]', 'refused'],
    ['nothing but a space', '[ ]', 'refused'],
    ['a line break is no separator', '[acme\nglobex]', 'refused'],
    ['a name with a space', ['acme globex'], 'refused'],
    ['a name that is too long for the pool', ['a'.repeat(129)], 'refused'],
    ['a number', 7, 'refused'],
    ['a list with something else in it', ['acme', 7], 'refused'],
    ['null', null, 'refused'],
  ];
  for (const [reason, claim, orgIds] of rows) {
    it(`${reason}: ${JSON.stringify(claim)?.slice(0, 30)} → ${JSON.stringify(orgIds).slice(0, 30)}`, () => {
      expect(groupsOf(claim)).toEqual(orgIds);
    });
  }

  it('what the front makes of a token is read as the token said it', () => {
    for (const groups of [[], ['acme'], ['acme', 'globex']]) {
      expect(groupsOf(claimsAsText({ groups })['groups'])).toEqual(groups);
    }
  });
});
