import type { Access, Actor, AppOptions } from '../access.ts';
import type { ForgeCodes } from '../forge-codes.ts';
import { executeGraphql, readGraphqlRequest } from '../graphql/execute.ts';
import { rateHeaders, type RateLimits, type Resource } from '../rate-limit.ts';
import { Refusal, notFound } from '../refusal.ts';
import { refusalBody, type Matched } from '../rest/router.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { World } from '../world.ts';
import type { Answer } from './answer.ts';

export interface ApiContext {
  readonly world: World;
  readonly access: Access;
  readonly app: AppOptions;
  readonly codes: ForgeCodes;
  readonly rateLimits: RateLimits;
  readonly webhooks: Webhooks;
}

export interface ApiCall {
  readonly authorization: string | undefined;
  readonly url: URL;
  readonly body: unknown;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

const refused = (refusal: Refusal, headers: Answer['headers'] = {}): Answer => ({
  status: refusal.status,
  headers: { ...JSON_TYPE, ...headers, ...refusal.headers },
  body: refusalBody(refusal),
});

/** Who it is, counted against their limit. @throws Refusal */
async function admit(
  { access, rateLimits }: ApiContext,
  authorization: string | undefined,
  resource: Resource,
): Promise<Actor> {
  const actor = await access.authenticate(authorization);
  if (!rateLimits.take(actor.login, resource))
    throw new Refusal(403, `API rate limit exceeded for ${actor.login === '' ? '127.0.0.1' : actor.login}.`, {
      headers: rateHeaders(rateLimits.read(actor.login, resource), resource),
    });
  return actor;
}

export async function answerRest(
  context: ApiContext,
  matched: Matched | undefined,
  call: ApiCall,
): Promise<Answer> {
  let headers: Answer['headers'] = {};
  try {
    // Asking for the limit costs nothing.
    const isFree = matched?.operation === 'GET /rate_limit';
    const actor = isFree
      ? await context.access.authenticate(call.authorization)
      : await admit(context, call.authorization, 'core');
    headers = rateHeaders(context.rateLimits.read(actor.login, 'core'), 'core');
    if (matched === undefined) throw notFound();
    const { route, params } = matched;
    const request = { ...context, actor, params, query: call.url.searchParams, body: call.body };
    const answer = await route.handle(request);
    const body = answer.body as object | undefined;
    return { status: answer.status, headers: { ...JSON_TYPE, ...headers, ...answer.headers }, body };
  } catch (error) {
    if (error instanceof Refusal) return refused(error, headers);
    throw error;
  }
}

export async function answerGraphql(context: ApiContext, call: ApiCall): Promise<Answer> {
  const { world, access, rateLimits } = context;
  try {
    const actor = await access.authenticate(call.authorization);
    if (actor.kind !== 'token') throw new Refusal(401, 'This endpoint requires you to be authenticated.');
    const isLeft = rateLimits.take(actor.login, 'graphql');
    const rate = rateLimits.read(actor.login, 'graphql');
    const headers = { ...JSON_TYPE, ...rateHeaders(rate, 'graphql') };
    if (!isLeft) {
      const message = `API rate limit already exceeded for ${actor.login}.`;
      return { status: 200, headers, body: { errors: [{ type: 'RATE_LIMITED', message }] } };
    }
    const request = readGraphqlRequest(call.body);
    if (request === undefined) {
      const message = 'A query attribute must be specified and must be a string.';
      return { status: 400, headers, body: { errors: [{ message }] } };
    }
    return { status: 200, headers, body: await executeGraphql(world, actor, rate, request) };
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}
