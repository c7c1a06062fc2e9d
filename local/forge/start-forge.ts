import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { createAccess, type Access, type AppOptions, type InstallationState } from './access.ts';
import { automate, type Automation } from './automation.ts';
import { createBehaviours, type ActiveBehaviour, type BehaviourRule } from './behaviours/behaviour.ts';
import { createCalls, type Calls } from './calls.ts';
import { createForgeCodes } from './forge-codes.ts';
import {
  createRepository,
  repositoryControls,
  type NewRepository,
  type RepositoryControls,
} from './controls/repository-controls.ts';
import type { Turn } from './controls/turn.ts';
import { GRAPHQL_PATH, REST_PATH, handle } from './http/handler.ts';
import { createRateLimits, type RateLimits } from './rate-limit.ts';
import type { ForgeEvent } from './state/event.ts';
import { createWebhooks, type WebhookOptions, type Webhooks } from './webhooks/webhooks.ts';
import { createWorld, findRepository } from './world.ts';

export interface ForgeOptions {
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number;
  /** @default 0: any free port */
  readonly port?: number;
  /** Serves https with this. @default http */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Where its repositories are; removed on close only if it was made by the forge. @default a temporary one */
  readonly directory?: string;
  readonly app?: Partial<AppOptions>;
  readonly webhook?: WebhookOptions;
  readonly automation?: Automation;
  /** After each push; `Infinity` for ever. @default 0 */
  readonly mergeabilityUnknownMs?: number;
  /** From the queue to the merge. @default 0 */
  readonly mergeQueueMs?: number;
  /** Calls an hour, of each caller. @default 5000 */
  readonly rateLimit?: number;
}

/** A GitHub of one's own, on loopback: its APIs, its git, its people. */
export interface TestForge {
  /** REST, as `https://host/api/v3` of a GitHub Enterprise server. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** Pages and git: `<webUrl>/<owner>/<name>`. */
  readonly webUrl: string;
  gitUrl(owner: string, name: string): string;
  /** A token of somebody, for the API and as a password of git. */
  token(login: string, expiresAt?: number): string;
  revoke(token: string): void;
  /** What a user's browser brings back from the app's OAuth page. */
  userCode(login: string): string;
  createRepository(repository: NewRepository): Promise<RepositoryControls>;
  /** @throws when there is none of that name */
  repository(owner: string, name: string): RepositoryControls;
  /** Switches on what calls meet. */
  behave(rule: BehaviourRule): ActiveBehaviour;
  clearBehaviours(): void;
  readonly calls: Calls;
  readonly webhooks: Webhooks;
  readonly rateLimits: RateLimits;
  /** What happens by itself from now on. */
  automate(automation: Automation): void;
  setMergeabilityUnknownMs(ms: number): void;
  /** People install, suspend or remove the app; what its tokens may do follows. */
  setInstallation(repository: RepositoryControls, action: InstallationAction): void;
  /** Does what is due by the forge's clock. Calls do it too, before anything else. */
  tick(): Promise<void>;
  /** Until what is due is done and every webhook has arrived. */
  settled(): Promise<void>;
  /** Also cuts open connections. */
  close(): Promise<void>;
}

type InstallationAction = Extract<ForgeEvent, { name: 'installation' }>['action'];

const INSTALLATION_STATES = {
  created: 'active',
  unsuspend: 'active',
  suspend: 'suspended',
  deleted: 'deleted',
} as const satisfies Record<InstallationAction, InstallationState>;

const TICK_MS = 50;
const APP: AppOptions = {
  id: 1,
  slug: 'gastown',
  installationId: 1,
  clientId: 'Iv1.gastown',
  clientSecret: 'client-secret',
  permissions: {
    contents: 'write',
    pull_requests: 'write',
    checks: 'read',
    actions: 'read',
    statuses: 'read',
    administration: 'read',
    metadata: 'read',
  },
};

export async function startForge(options: ForgeOptions = {}): Promise<TestForge> {
  const now = options.now ?? Date.now;
  const isTemporary = options.directory === undefined;
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'forge-')));
  await mkdir(directory, { recursive: true });
  const { mergeabilityUnknownMs = 0, mergeQueueMs = 0, rateLimit = 5000 } = options;
  const world = createWorld({ directory, now, mergeabilityUnknownMs, mergeQueueMs });
  const app = { ...APP, ...options.app };
  const access: Access = createAccess(now, app);
  const rateLimits = createRateLimits(now, rateLimit);
  const calls = createCalls();
  const behaviours = createBehaviours();
  const turns = new PQueue({ concurrency: 1 });
  const turn: Turn = (work) => turns.add(async () => work());
  const webhooks = createWebhooks(world, options.webhook, app.installationId);
  let automation = options.automation ?? {};
  automate(world, () => automation);

  const closing = new AbortController();
  const { signal } = closing;
  const codes = createForgeCodes(now);
  const context = {
    world,
    access,
    app,
    codes,
    rateLimits,
    webhooks,
    behaviours,
    calls,
    turns,
    closing: signal,
  };
  const server = options.tls === undefined ? createHttpServer() : createHttpsServer(options.tls);
  server.on('request', (request, response) => {
    // `handle` answers for its own failures; what is left is a client that went away.
    handle(context, request, response).catch(() => response.destroy());
  });
  const origin = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${await listen(server, options.port)}`;
  world.urls.web = origin;
  world.urls.api = `${origin}${REST_PATH}`;

  const tick = async (): Promise<void> => {
    await turn(() => world.schedule.runDue());
  };
  // Under a clock of one's own, things happen when somebody looks.
  const timer =
    options.now === undefined ? setInterval(() => void tick().catch(() => {}), TICK_MS) : undefined;
  timer?.unref();

  return {
    apiUrl: world.urls.api,
    graphqlUrl: `${origin}${GRAPHQL_PATH}`,
    webUrl: origin,
    gitUrl: (owner, name) => `${origin}/${owner}/${name}.git`,
    token: (login, expiresAt) => access.issue(login, expiresAt),
    revoke: (token) => access.revoke(token),
    userCode: (login) => codes.users.issue(login),
    createRepository: async (wanted) =>
      repositoryControls(world, await turn(() => createRepository(world, wanted)), turn),
    repository(owner, name) {
      const found = findRepository(world, owner, name);
      if (found === undefined) throw new Error(`no repository ${owner}/${name}`);
      return repositoryControls(world, found, turn);
    },
    behave: (rule) => behaviours.add(rule),
    clearBehaviours: () => behaviours.clear(),
    calls,
    webhooks,
    rateLimits,
    automate(next) {
      automation = next;
    },
    setMergeabilityUnknownMs(ms) {
      world.settings.mergeabilityUnknownMs = ms;
    },
    setInstallation({ state }, action) {
      access.setInstallation(INSTALLATION_STATES[action]);
      const repository = findRepository(world, state.owner, state.name);
      if (repository !== undefined)
        world.emit({ name: 'installation', action, repository, sender: state.owner });
    },
    tick,
    async settled() {
      await tick();
      await webhooks.settled();
    },
    async close() {
      closing.abort();
      clearInterval(timer);
      world.schedule.clear();
      webhooks.configure(undefined);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      // What was begun goes to its end: its files are still there.
      await turns.onIdle();
      if (isTemporary) await rm(directory, { recursive: true, force: true });
    },
  };
}

function listen(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'));
      else resolve(address.port);
    });
  });
}
