import type { RateState } from '../../rate-limit.ts';
import { Refusal } from '../../refusal.ts';
import type { Route } from '../route.ts';
import { userShape } from '../shapes.ts';

const rateShape = ({ limit, remaining, used, resetAt }: RateState) => ({
  limit,
  remaining,
  used,
  reset: resetAt / 1000,
});

/** What belongs to no repository and to no app: limits, and who one is. */
export const platformRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/rate_limit',
    handle({ rateLimits, actor }) {
      const core = rateShape(rateLimits.read(actor.login, 'core'));
      const graphql = rateShape(rateLimits.read(actor.login, 'graphql'));
      return { status: 200, body: { resources: { core, graphql }, rate: core } };
    },
  },
  {
    method: 'GET',
    template: '/user',
    handle({ world, actor }) {
      if (actor.kind !== 'token') throw new Refusal(401, 'Requires authentication');
      return { status: 200, body: userShape(world, actor.login) };
    },
  },
];
