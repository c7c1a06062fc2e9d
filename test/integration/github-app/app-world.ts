import { integrationRecord } from '../integrations/record.ts';
import { generateKeyPairSync } from 'node:crypto';
import type { Integration } from '../../../core/integration.ts';
import type { GitHubApp, Telemetry } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { Head } from '../../../core/town/head.ts';
import type { RedeliveryCursor } from '../../../lambdas/adapters/dynamodb/redelivery-cursor.ts';
import type { AppSecret } from '../../../lambdas/adapters/github/app-secret.ts';
import { createGitHubApp } from '../../../lambdas/adapters/github/app.ts';
import { createTokenServiceClient } from '../../../lambdas/adapters/token-service/client.ts';
import type { TokenServiceAnswer } from '../../../lambdas/adapters/token-service/protocol.ts';
import { createTokenServiceHandler } from '../../../lambdas/git-token-service/handler.ts';
import type { ForgeOptions } from '../../../local/forge/start-forge.ts';
import { ACCESS, scene, TOWN, type Scene } from '../../forge/forge.ts';

const pemPair = (): { privateKey: string; publicKey: string } => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKey: String(pair.privateKey.export({ type: 'pkcs1', format: 'pem' })),
    publicKey: String(pair.publicKey.export({ type: 'spki', format: 'pem' })),
  };
};
export const KEYS = pemPair();
/** One that the app had before. */
export const OLD_KEY = pemPair().privateKey;

export const SECRET: AppSecret = {
  appId: 7,
  slug: 'gastown',
  clientId: 'Iv1.gastown',
  clientSecret: 'client-secret',
  privateKey: KEYS.privateKey,
};
export const INSTALLATION = 9;
export const REPOSITORY = { owner: 'acme', name: 'app' };
const ASKED = 'POST /app/installations/{installation_id}/access_tokens';

export interface AppWorld extends Omit<Scene, 'token'> {
  /** As other functions have it: through the service and its JSON. */
  readonly app: GitHubApp;
  readonly handler: (event: unknown) => Promise<TokenServiceAnswer>;
  readonly integration: Integration;
  readonly cursor: RedeliveryCursor;
  /** What the app's secret is, from now on. */
  setSecret(secret: AppSecret | undefined): void;
  /** How often the secret was read anew. */
  readonly freshReads: () => number;
  setIntegration(change: Partial<Integration>): void;
  /** Of the town of `rita`, for `acme/app` unless said otherwise. */
  token(repository?: { owner: string; name: string }, townId?: string): Promise<string>;
  /** How many tokens GitHub was asked for. */
  readonly asked: () => number;
  readonly logs: string[];
}

/** `acme/app` and the app that is installed at `acme`; what the tables hold is in memory, GitHub is on loopback. */
export async function appWorld(options: ForgeOptions = {}): Promise<AppWorld> {
  const scenery = await scene(
    {
      ...options,
      app: {
        id: 7,
        installationId: INSTALLATION,
        publicKey: KEYS.publicKey,
        account: 'acme',
        ...options.app,
      },
    },
    { access: ACCESS },
  );
  const { forge, clock } = scenery;
  await forge.createRepository({ owner: 'max', name: 'own', access: { [TOWN]: 'write' } });
  const logs: string[] = [];
  const telemetry: Telemetry = { log: (...words) => void logs.push(JSON.stringify(words)), count: () => {} };
  let secret: AppSecret | undefined = SECRET;
  let fresh = 0;
  let integration: Integration = integrationRecord(INSTALLATION, 'rita', { createdAt: 0, updatedAt: 0 });
  const heads: Record<string, Pick<Head, 'ownerId' | 'orgId'>> = {
    own: { ownerId: 'rita' },
    foreign: { ownerId: 'max', orgId: 'rita' },
  };
  let lookedAt: number | undefined;
  const cursor: RedeliveryCursor = {
    read: async () => lookedAt,
    write: async (at) => void (lookedAt = at),
  };
  const handler = createTokenServiceHandler({
    app: createGitHubApp({
      apiUrl: forge.apiUrl,
      secrets: {
        async read(isFresh) {
          fresh += isFresh ? 1 : 0;
          return secret;
        },
      },
      integrations: { integration: async (id) => (id === integration.id ? integration : undefined) },
      store: { head: async (townId) => heads[townId] as Head | undefined },
      telemetry,
      now: clock.now,
    }),
    cursor,
    telemetry,
    now: clock.now,
  });
  const overJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const app = createTokenServiceClient(async (request) => overJson(await handler(overJson(request))));
  return {
    ...scenery,
    app,
    handler,
    get integration() {
      return integration;
    },
    cursor,
    setSecret: (next) => void (secret = next),
    freshReads: () => fresh,
    setIntegration: (change) => void (integration = { ...integration, ...change }),
    token: async (repository = REPOSITORY, townId = 'own') =>
      (await app.token({ townId, integrationId: integration.id, repository })).token,
    asked: () => forge.calls.count(ASKED),
    logs,
  };
}

/** The kind and the words of the failure that a promise has to end with. */
export async function failureOf(promise: Promise<unknown>): Promise<{ kind: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ForgeError) return { kind: error.kind, message: error.userMessage };
    throw error;
  }
  throw new Error('nothing failed');
}
