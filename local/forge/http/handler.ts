import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type PQueue from 'p-queue';
import type { Behaviours } from '../behaviours/behaviour.ts';
import { rewriteBody } from '../behaviours/rewrite.ts';
import type { CallRecorder } from '../calls.ts';
import { operationOf, readGraphqlRequest } from '../graphql/execute.ts';
import { rateHeaders, type Resource } from '../rate-limit.ts';
import { Refusal } from '../refusal.ts';
import { matchRoute, refusalBody } from '../rest/router.ts';
import { send, type Answer } from './answer.ts';
import { answerGraphql, answerRest, type ApiContext } from './api-requests.ts';
import { answerGit, readGitCall } from './git-requests.ts';
import { parseJson, readBody } from './read-body.ts';
import { readWebCall } from './web-requests.ts';

/** As on a GitHub Enterprise server, so that one origin has all three. */
export const REST_PATH = '/api/v3';
export const GRAPHQL_PATH = '/api/graphql';

export interface HandlerContext extends ApiContext {
  readonly behaviours: Behaviours;
  readonly calls: CallRecorder;
  /** What changes the forge, one by one. */
  readonly turns: PQueue;
  /** Aborted when the forge closes: nothing that was slow is done after it. */
  readonly closing: AbortSignal;
}

interface Work {
  readonly operation: string;
  /** What it counts against; undefined: git and pages count nothing. */
  readonly resource?: Resource;
  readonly run: () => Promise<Answer>;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const CUT: Answer = { status: 0, headers: {}, body: undefined };

function workOf(context: HandlerContext, request: IncomingMessage, url: URL, body: Buffer): Work {
  const { world, access } = context;
  const gitCall = readGitCall(url);
  if (gitCall !== undefined)
    return {
      operation: gitCall.operation,
      run: () => answerGit(world, access, gitCall, { request, url, body }),
    };
  const webCall = readWebCall(request.method, url);
  if (webCall !== undefined)
    return { operation: webCall.operation, run: async () => webCall.run(context, { url, body }) };
  const { authorization } = request.headers;
  if (url.pathname === GRAPHQL_PATH && request.method === 'POST') {
    const parsed = parseJson(body);
    const graphql = readGraphqlRequest(parsed);
    return {
      operation: graphql === undefined ? 'query that is none' : operationOf(graphql),
      resource: 'graphql',
      run: () => answerGraphql(context, { authorization, url, body: parsed }),
    };
  }
  const isRest = url.pathname.startsWith(`${REST_PATH}/`);
  const path = isRest ? url.pathname.slice(REST_PATH.length) : '';
  const matched = matchRoute(request.method ?? 'GET', path);
  return {
    operation: matched?.operation ?? `${request.method ?? 'GET'} what is not there`,
    resource: 'core',
    run: () => answerRest(context, matched, { authorization, url, body: parseJson(body) }),
  };
}

/** A refusal tells the limit too: with calls left, a 403 is no primary limit. */
async function limitHeaders(
  { access, rateLimits }: HandlerContext,
  authorization: string | undefined,
  resource: Resource | undefined,
): Promise<Answer['headers']> {
  if (resource === undefined) return {};
  const actor = await access.authenticate(authorization).catch(() => undefined);
  return rateHeaders(rateLimits.read(actor?.login ?? '', resource), resource);
}

/** Does the work, or what a behaviour wants instead. */
async function perform(
  context: HandlerContext,
  { operation, resource, run }: Work,
  authorization: string | undefined,
): Promise<Answer> {
  const behaviours = context.behaviours.take(operation);
  for (const behaviour of behaviours) {
    if (behaviour.kind === 'slow') await delay(behaviour.ms, undefined, { signal: context.closing });
    if (behaviour.kind === 'requestLost') return CUT;
    if (behaviour.kind === 'answer') {
      const { status, headers = {}, body } = behaviour;
      const limit = await limitHeaders(context, authorization, resource);
      return { status, headers: { ...JSON_TYPE, ...limit, ...headers }, body };
    }
  }
  let answer = await context.turns.add(async () => {
    // What was due before this call has happened before it.
    await context.world.schedule.runDue();
    return run();
  });
  for (const behaviour of behaviours) {
    if (behaviour.kind === 'answerLost') return CUT;
    if (behaviour.kind === 'rewrite' && !Buffer.isBuffer(answer.body))
      answer = { ...answer, body: rewriteBody(answer.body, behaviour) as object };
  }
  return answer;
}

export async function handle(
  context: HandlerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { world, calls } = context;
  const requestId = world.ids.next('request').toString(16).toUpperCase().padStart(8, '0');
  const common = {
    // Seconds of the forge's own clock.
    date: new Date(world.now()).toUTCString(),
    server: 'github.com',
    'x-github-request-id': `${requestId}:0000:0000:0000`,
    'x-github-media-type': 'github.v3; format=json',
  };
  let operation = 'what is not there';
  let answer: Answer;
  try {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const work = workOf(context, request, url, await readBody(request));
    operation = work.operation;
    answer = await perform(context, work, request.headers.authorization);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'it failed';
    const refusal = error instanceof Refusal ? error : new Refusal(500, `the test forge failed: ${message}`);
    answer = { status: refusal.status, headers: JSON_TYPE, body: refusalBody(refusal) };
  }
  calls.record({ operation, path: request.url ?? '/', status: answer.status, at: world.now() });
  send(response, answer, common);
}
