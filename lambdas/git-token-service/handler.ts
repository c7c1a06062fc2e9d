import type { GitHubApp, Now, Telemetry } from '../../core/ports.ts';
import { ForgeError } from '../../core/pull-request/forge-error.ts';
import { minutes } from '../../core/town/instant.ts';
import type { RedeliveryCursor } from '../adapters/dynamodb/redelivery-cursor.ts';
import {
  tokenServiceRequest,
  type TokenServiceAnswer,
  type TokenServiceRequest,
} from '../adapters/token-service/protocol.ts';

export interface TokenServiceDeps {
  readonly app: GitHubApp;
  readonly cursor: RedeliveryCursor;
  readonly telemetry: Telemetry;
  readonly now: Now;
}

/** How far back the first look for lost deliveries goes. */
const FIRST_LOOK_MS = minutes(60);

/** Asks the GitHub App for other functions, and for the schedule. What is no answer of GitHub is thrown. */
export function createTokenServiceHandler(deps: TokenServiceDeps) {
  const { telemetry } = deps;
  return async (event: unknown): Promise<TokenServiceAnswer> => {
    const request = tokenServiceRequest.safeParse(event);
    // What was sent is not said back: it may hold a code.
    if (!request.success)
      return { ok: false, kind: 'refused', message: 'The token service does not know this request.' };
    const { op } = request.data;
    try {
      return { ok: true, value: await answerTo(deps, request.data) };
    } catch (error) {
      if (!(error instanceof ForgeError)) {
        telemetry.log('error', 'token service', { op, error: String(error) });
        throw error;
      }
      const { kind, userMessage: message, until } = error;
      telemetry.count(`tokenService.${kind}`, 1);
      telemetry.log('warn', 'token service', { op, kind, detail: message });
      return { ok: false, kind, message, ...(until === undefined ? {} : { until }) };
    }
  };
}

function answerTo(deps: TokenServiceDeps, request: TokenServiceRequest): Promise<unknown> {
  const { app } = deps;
  switch (request.op) {
    case 'about':
      return app.about();
    case 'token':
      return app.token(request);
    case 'installation':
      return app.installation(request.installationId);
    case 'repositories':
      return app.repositories(request.installationId);
    case 'administers':
      return app.administers(request);
    case 'redeliver':
      return request.since === undefined ? redeliver(deps) : app.redeliver(request.since);
  }
}

/** Goes on where the last time ended. */
async function redeliver({
  app,
  cursor,
  telemetry,
  now,
}: TokenServiceDeps): Promise<Awaited<ReturnType<GitHubApp['redeliver']>>> {
  const since = (await cursor.read()) ?? now() - FIRST_LOOK_MS;
  // Without an app nothing is delivered.
  if ((await app.about()) === undefined) return { asked: 0, lookedAt: since };
  const done = await app.redeliver(since);
  await cursor.write(done.lookedAt);
  if (done.asked > 0) telemetry.log('info', 'redelivery', { asked: done.asked });
  telemetry.count('tokenService.redelivered', done.asked);
  return done;
}
