import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { noIntegrations } from './no-integrations.ts';
import { explain } from '../../../core/explain.ts';
import type { EffectMessage } from '../../../core/effects.ts';
import { createIds } from '../../../core/ids.ts';
import type { TownMessage } from '../../../core/facts/message.ts';
import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import type { Ids } from '../../../core/ids.ts';
import type { AgentClaims, Forge, Telemetry, TownStore } from '../../../core/ports.ts';
import type { JobResult, JobSpec } from '../../../core/protocol/job.ts';
import { triageAction } from '../../../core/town/triage-request.ts';
import type { AgentSpec } from '../../../core/protocol/sync.ts';
import type { PullRequestSnapshot } from '../../../core/pull-request/snapshot.ts';
import { minutes, seconds, type Instant } from '../../../core/town/instant.ts';
import type { RigConfig, TownConfig } from '../../../core/town/config.ts';
import { createBead } from '../../../lambdas/api/create-bead.ts';
import { createConvoy } from '../../../lambdas/api/create-convoy.ts';
import { createRig } from '../../../lambdas/api/create-rig.ts';
import * as beads from '../../../lambdas/api/inputs/beads.ts';
import * as convoys from '../../../lambdas/api/inputs/convoys.ts';
import { inboxOf, nudge, readMail, sendMail } from '../../../lambdas/container/agent-messages.ts';
import {
  checkpoint,
  done,
  escalate,
  prime,
  resolveTriage,
  setStatus,
  verdict,
} from '../../../lambdas/container/agent-tools.ts';
import type { AgentToolDeps } from '../../../lambdas/container/agent-statements.ts';
import { bootstrap } from '../../../lambdas/container/bootstrap.ts';
import { sync } from '../../../lambdas/container/sync.ts';
import type { RouteContext } from '../../../lambdas/http/route.ts';
import { createReconcilerHandler } from '../../../lambdas/reconciler/handler.ts';
import type { ReconcilerDeps } from '../../../lambdas/reconciler/reconcile-town.ts';
import { createSweeperHandler } from '../../../lambdas/sweeper/handler.ts';
import { createWorkerHandler } from '../../../lambdas/worker/handler.ts';
import type { TransferDeps } from '../../../lambdas/worker/transfer.ts';
import { ModelRemote } from '../../unit/core/model-remote.ts';
import { ModelContainer, type Ending, type Outside } from './model-container.ts';
import { ModelForge, type ForgeBehaviour } from './model-forge.ts';
import { ModelPlatform, type PlatformBehaviour, type TaskKey } from './model-platform.ts';
import { ModelQueue, type Delivery } from './model-queue.ts';
import { modelTokens, PUBLIC_KEY } from './model-tokens.ts';
import { Invocation, PortCalls, type CallOptions } from './port-calls.ts';
import { createRandom, VirtualTime, type Random } from './virtual-time.ts';

/** What happens around a town; what is not said goes well. */
export interface Plan extends CallOptions {
  readonly seed?: number;
  readonly townDelivery?: Delivery;
  readonly effectDelivery?: Delivery;
  readonly platform?: PlatformBehaviour;
  /** Reconcilers that take every batch at the same time. @default 1 */
  readonly reconcilers?: number;
  readonly isSweeping?: (now: Instant) => boolean;
  /** @param nth turns of agents on this work item so far, from 1. */
  readonly ending?: (agent: AgentSpec, nth: number) => Ending | undefined;
  /** Does the session of an agent start? @default yes */
  readonly starts?: (agent: AgentSpec) => boolean;
  /** Whether the agent tells others and the town what it does before it says that it is done. @default it does not */
  readonly talks?: (agent: AgentSpec) => boolean;
  /** @param nth runs of this kind of job for this branch or merge request so far, from 1. */
  readonly job?: (job: JobSpec, nth: number) => JobResult | undefined;
  /** Beginning of the ids of towns. @default one that no other world on the same table has */
  readonly townNames?: string;
  /** What decides. @default this release's core */
  readonly decide?: ReconcilerDeps['decide'];
  /** What the worker moves and deletes towns with. @default nothing: such effects wait */
  readonly transfer?: TransferDeps;
  /** What a forge and the people on it do, for towns that merge by pull request. */
  readonly forge?: ForgeBehaviour;
  /** How far the clock of a function is off, in milliseconds. */
  readonly clockOffsetMs?: (by: string) => number;
}

/** Settings of a town and of its rig. */
export interface TownSettings {
  readonly config?: TownConfig;
  readonly rig?: RigConfig;
  /** Its repository is on a forge. @default a plain git remote */
  readonly isOnForge?: boolean;
}

export interface ModelTown {
  readonly townId: string;
  readonly rigId: string;
  readonly remote: ModelRemote;
  readonly forge: ModelForge;
}

const T0 = Date.UTC(2026, 0, 1);
export const USER = { id: 'owner', orgIds: [] };
const SWEEP_MS = minutes(1);
const MAX_MOMENTS = 20_000;
/** Longest story. */
const LIMIT_MS = minutes(8 * 60);
const CLIENT_TRIES = 5;

/** How a turn ends when nothing is said about it. */
const WELL = { bead: 'done', review: 'approve', chat: 'reply', triage: 'resolve' } as const;

function workItemOf({ agentId, work }: AgentSpec): string {
  switch (work.kind) {
    case 'bead':
      return work.beadId;
    case 'review':
      return work.mergeRequestId;
    case 'chat':
      return agentId;
    case 'triage':
      return work.requestId;
  }
}

/** The forge of whichever town a repository belongs to; a town asks about its own only. */
function forgeOfAll(towns: readonly ModelTown[]): Forge {
  const of = (gitUrl: string): ModelForge => {
    const town = towns.find(({ townId }) => gitUrl.endsWith(`/${townId}.git`));
    if (town === undefined) throw new Error(`no forge for ${gitUrl}`);
    return town.forge;
  };
  return {
    open: async (repository, pullRequest) => of(repository.gitUrl).open(repository, pullRequest),
    observe: async (wanted) => (wanted[0] === undefined ? [] : of(wanted[0].gitUrl).observe(wanted)),
    merge: async (repository, pullRequest) => of(repository.gitUrl).merge(repository, pullRequest),
  };
}

let worlds = 0;

/** The real functions over a real store; queues, platform, containers and the clock are models. */
export class World {
  readonly time = new VirtualTime(T0);
  readonly calls: PortCalls;
  readonly townQueue: ModelQueue;
  readonly effectQueue: ModelQueue;
  readonly platform: ModelPlatform;
  readonly towns: ModelTown[] = [];
  readonly metrics = new Map<string, number>();
  readonly errors: string[] = [];
  /** Head bumps of the API and of statements: versions without a log item. */
  readonly bumps = new Map<string, number>();
  syncs = 0;
  turns = 0;
  /** When a turn or a job last began. */
  lastWorkAt = 0;
  sweeps = 0;
  readonly store: TownStore;
  readonly #plan: Plan;
  readonly #random: Random;
  readonly #counts = new Map<string, number>();
  #seeds = 0;
  #requests = 0;

  /** @param store what the functions use; its calls are counted and made to fail on the way. */
  constructor(store: TownStore, plan: Plan = {}) {
    const { seed = 1, townDelivery, effectDelivery, platform = {} } = plan;
    const { time } = this;
    this.#plan = plan;
    this.#random = createRandom(seed);
    this.store = this.#ownStore(store);
    this.calls = new PortCalls(plan);
    const random = this.#random;
    this.townQueue = new ModelQueue({
      time,
      random,
      isFifo: true,
      visibilityMs: seconds(90),
      delivery: townDelivery,
      consume: (event) => this.#reconcile(event),
    });
    this.effectQueue = new ModelQueue({
      time,
      random,
      isFifo: false,
      visibilityMs: seconds(90),
      delivery: effectDelivery,
      consume: (event) => this.#work(event),
    });
    this.platform = new ModelPlatform({
      time,
      behaviour: platform,
      boot: (key, exit) => new ModelContainer(key, this.#outside(key), exit),
      onStopped: ({ townId, epoch }, { reason, exitCode }) =>
        this.tell({ v: MESSAGE_VERSION, townId, fact: { type: 'task_stopped', epoch, reason, exitCode } }),
    });
    this.#sweepRegularly();
  }

  /** A town with one rig, which has one gate unless its settings say otherwise; nothing to do yet. */
  async createTown(settings: TownSettings = {}): Promise<ModelTown> {
    const { townNames = `loop-${process.pid}-${Date.now()}-${(worlds += 1)}` } = this.#plan;
    const townId = `${townNames}-${this.towns.length + 1}`;
    const { now } = this.time;
    const head = { id: townId, name: 'Loop', ownerId: USER.id };
    const config = { rev: 1, container: { sleepAfterMinutes: 2 }, ...settings.config };
    await this.store.createTown({ head, config, at: now });
    const input = {
      name: 'rig',
      gitUrl:
        settings.isOnForge === true
          ? `https://github.com/loop/${townId}.git`
          : 'https://git.example/repository',
      defaultBranch: 'main',
      config: settings.rig ?? { refinery: { gates: ['npm test'] } },
    };
    const deps = {
      store: this.store,
      integrations: noIntegrations,
      allowsLocalGitUrls: false,
      githubHost: 'github.com',
    };
    const rig = await createRig(deps, USER, townId, input, this.request());
    const remote = new ModelRemote();
    const forge = new ModelForge(this.time, remote, this.#plan.forge, (changed) =>
      this.#hear(townId, rig.id, changed),
    );
    const town = { townId, rigId: rig.id, remote, forge };
    this.towns.push(town);
    return town;
  }

  /** What a forge tells of, as the webhook passes it on. */
  #hear(townId: string, rigId: string, { number, headSha, headBranch: branch }: PullRequestSnapshot): void {
    this.tell({
      v: MESSAGE_VERSION,
      townId,
      fact: { type: 'forge_heard', rigId, numbers: [number], headSha, branch },
    });
  }

  /** Three beads, the third waits for the others. A client that hears an error looks before it asks again. */
  async startDemo({ townId, rigId }: ModelTown): Promise<void> {
    const tasks = [{ title: 'a', body: 'Do a.' }, { title: 'b' }, { title: 'c', dependsOn: [0, 1] }];
    const input = convoys.createConvoy.parse({ rigId, title: 'Demo', tasks });
    for (let attempt = 1; attempt <= CLIENT_TRIES; attempt += 1) {
      const answer = await this.invoke('api', (by) =>
        createConvoy(this.common(by), USER, townId, input, this.request()),
      ).catch(() => 'failed' as const);
      if (answer !== 'killed' && answer !== 'failed') return;
      if (((await this.store.live(townId))?.live.convoy.size ?? 0) > 0) return;
    }
    throw new Error('the convoy was not created');
  }

  async createBead({ townId, rigId }: ModelTown, title: string): Promise<string> {
    const input = beads.createBead.parse({ rigId, title });
    const bead = await createBead(this.common(new Invocation('api')), USER, townId, input, this.request());
    return bead.id;
  }

  /** Goes on until nothing is under way and no town is due. @throws when that takes too long, with what the towns wait for */
  async run(
    until: () => boolean = () => false,
    { limitMs = LIMIT_MS, maxMoments = MAX_MOMENTS }: { limitMs?: number; maxMoments?: number } = {},
  ): Promise<this> {
    for (let moments = 0; moments < maxMoments && this.time.now < T0 + limitMs; moments += 1) {
      if (until()) return this;
      if (this.time.isQuiet && !(await this.#isDue())) return this;
      await this.time.next();
    }
    throw new Error(`not quiet after ${(this.time.now - T0) / 60_000} minutes: ${await this.#why()}`);
  }

  /** Lets time pass, whatever happens. */
  async pass(ms: number): Promise<void> {
    const until = this.time.now + ms;
    this.time.after(ms, () => {});
    for (let moments = 0; this.time.now < until && moments < MAX_MOMENTS; moments += 1)
      await this.time.next();
    if (this.time.now !== until) throw new Error('time went astray');
  }

  get elapsedMs(): number {
    return this.time.now - T0;
  }

  tell(message: TownMessage, dedupId?: string): void {
    this.townQueue.send({ body: JSON.stringify(message), group: message.townId, dedupId });
  }

  metric(name: string): number {
    return this.metrics.get(name) ?? 0;
  }

  /** One run of a function: to its end, or until it is killed. */
  async invoke<T>(by: string, run: (invocation: Invocation) => Promise<T>): Promise<T | 'killed'> {
    const invocation = new Invocation(by);
    return Promise.race([run(invocation), invocation.killed]);
  }

  /** Counts bumps (an edit has a log item of its own, and is none), and shows the sweeper no town of another world in the same table. */
  #ownStore(store: TownStore): TownStore {
    const bumped = (townId: string): void => {
      this.bumps.set(townId, (this.bumps.get(townId) ?? 0) + 1);
    };
    return {
      ...store,
      async create(town, records, at) {
        await store.create(town, records, at);
        bumped(town.head.id);
      },
      async addBead(townId, bead, body) {
        await store.addBead(townId, bead, body);
        bumped(townId);
      },
      async addInbox(townId, item) {
        await store.addInbox(townId, item);
        bumped(townId);
      },
      dueTowns: async (shard, now, limit) =>
        (await store.dueTowns(shard, now, limit)).filter(({ townId }) =>
          this.towns.some((town) => town.townId === townId),
        ),
    };
  }

  readonly #telemetry: Telemetry = {
    log: (level, message, fields) => {
      if (level === 'error') this.errors.push(`${message} ${JSON.stringify(fields)}`);
    },
    count: (metric, value) => void this.metrics.set(metric, (this.metrics.get(metric) ?? 0) + value),
  };

  /** What every function has, as this invocation sees it. */
  common(by: Invocation) {
    return {
      store: this.calls.wrap(by, 'store', this.store),
      towns: this.calls.wrap(by, 'towns', {
        send: async (message: TownMessage, dedupId?: string) => this.tell(message, dedupId),
      }),
      telemetry: this.#telemetry,
      now: () => this.time.now + (this.#plan.clockOffsetMs?.(by.by) ?? 0),
    };
  }

  /** Every try is a new request here: these clients send no Idempotency-Key. */
  request(): RouteContext {
    const { now: at } = this.time;
    return { ids: createIds(`request ${(this.#requests += 1)}`, at), at };
  }

  async #reconcile(event: SQSEvent): Promise<SQSBatchResponse | 'killed'> {
    const run = (): Promise<SQSBatchResponse | 'killed'> =>
      this.invoke('reconciler', async (by) =>
        createReconcilerHandler({
          ...this.common(by),
          effects: this.calls.wrap(by, 'effects', {
            send: async (messages: readonly EffectMessage[]) => {
              for (const message of messages)
                this.effectQueue.send({
                  body: JSON.stringify(message),
                  group: 'townId' in message ? message.townId : message.importId,
                });
            },
          }),
          seed: () => `${by.by} ${(this.#seeds += 1)}`,
          ...(this.#plan.decide === undefined ? {} : { decide: this.#plan.decide }),
          redelivery: {
            delay: async ({ messageId }, afterSeconds) => this.townQueue.delay(messageId, afterSeconds),
          },
        })(event),
      );
    const { reconcilers = 1 } = this.#plan;
    if (reconcilers === 1) return run();
    const results = await this.calls.race(
      this.#random,
      Array.from({ length: reconcilers }, () => run),
    );
    // A message is deleted as soon as one of its handlers says so.
    const isDone = results.some(
      (result) =>
        result.status === 'fulfilled' &&
        result.value !== 'killed' &&
        result.value.batchItemFailures.length === 0,
    );
    return isDone ? { batchItemFailures: [] } : 'killed';
  }

  async #work(event: SQSEvent): Promise<SQSBatchResponse | 'killed'> {
    return this.invoke('worker', async (by) =>
      createWorkerHandler({
        ...this.common(by),
        tasks: this.calls.wrap(by, 'tasks', {
          run: (key: TaskKey) => this.platform.run(key),
          stop: (key: TaskKey & { reason: string }) => this.platform.stop(key),
        }),
        socket: this.calls.wrap(by, 'socket', {
          syncNow: async (townId: string, epoch: number) => {
            const program = this.platform.program({ townId, epoch });
            if (program instanceof ModelContainer) program.poke();
          },
        }),
        watchers: { publish: async () => {} },
        forges: {
          forge: this.calls.wrap(by, 'forge', forgeOfAll(this.towns)),
          token: async () => 'token',
        },
        ...(this.#plan.transfer === undefined ? {} : { transfer: this.#plan.transfer }),
      })(event),
    );
  }

  #sweepRegularly(): void {
    this.time.after(
      SWEEP_MS,
      async () => {
        this.#sweepRegularly();
        if (this.#plan.isSweeping?.(this.time.now) === false) return;
        this.sweeps += 1;
        await this.invoke('sweeper', (by) =>
          createSweeperHandler({ ...this.common(by), limitMs: seconds(50) })(),
        ).catch(() => {});
      },
      { isSchedule: true },
    );
  }

  #outside(key: TaskKey): Outside {
    const { townId } = key;
    const remote = this.towns.find((town) => town.townId === townId)?.remote ?? new ModelRemote();
    const deps = (by: Invocation) => ({ ...this.common(by), tokens: modelTokens, socketUrl: null });
    const ask = async <T>(by: string, run: (invocation: Invocation) => Promise<T>): Promise<T> => {
      const answer = await this.invoke(by, run);
      if (answer === 'killed') throw new Error('502');
      return answer;
    };
    return {
      now: () => this.time.now,
      after: (ms, act) => this.time.after(ms, act),
      bootstrap: async () => {
        const bootstrapToken = await modelTokens.bootstrapToken(key);
        return ask('container', (by) => bootstrap(deps(by), { bootstrapToken, publicKey: PUBLIC_KEY }));
      },
      sync: (claims, report) => {
        this.syncs += 1;
        return ask('container', (by) => sync(deps(by), claims, report));
      },
      async state(claims, said) {
        await ask('container', (by) => {
          if (typeof said === 'object') return done(deps(by), claims, said);
          const feedback = said === 'request_changes' ? 'Say why.' : undefined;
          return verdict(deps(by), claims, { verdict: said, feedback });
        });
      },
      async claims(token) {
        const verified = await modelTokens.verify(token);
        if (verified.kind !== 'agent') throw new Error('no agent token');
        return verified.claims;
      },
      runJob: (job, candidates) => {
        const of = job.kind === 'verify' ? job.branch : job.mergeRequestId;
        this.lastWorkAt = this.time.now;
        return this.#plan.job?.(job, this.#count(`${job.kind} ${of}`)) ?? remote.run(job, candidates);
      },
      push: (branch, { isForeign } = { isForeign: false }) => void remote.push(branch, isForeign),
      async escalate(claims, title) {
        await ask('container', (by) => {
          const common = deps(by);
          return escalate(
            common,
            claims,
            { severity: 'high', title },
            createIds(`${title} ${claims.agentId}`, common.now()),
          );
        });
      },
      starts: (agent) => this.#plan.starts?.(agent) ?? true,
      talks: (agent) => this.#plan.talks?.(agent) ?? false,
      talk: (claims, others) => {
        const say =
          (of: string, act: (deps: AgentToolDeps, claims: AgentClaims, ids: Ids) => Promise<unknown>) =>
          async (): Promise<void> => {
            await ask('container', (by) => {
              const common = deps(by);
              const seed = `${of} of ${claims.agentId} ${claims.attempt}`;
              return act(common, claims, createIds(seed, common.now()));
            });
          };
        const mail = { subject: 'News', body: 'I change the parser.' };
        const nudged = { message: 'Rebase.', priority: 'urgent', ttlSeconds: 20 } as const;
        return [
          say('status', (d, c, ids) => setStatus(d, c, { message: 'I read the code.' }, ids)),
          say('checkpoint', (d, c, ids) => checkpoint(d, c, { data: 'half of it' }, ids)),
          ...['mayor', ...others].map((to) =>
            say(`mail to ${to}`, (d, c, ids) => sendMail(d, c, { to, ...mail }, ids)),
          ),
          ...others.map((to) => say(`nudge of ${to}`, (d, c, ids) => nudge(d, c, { to, ...nudged }, ids))),
          say('reading', async (d, c, ids) => {
            const { items } = await inboxOf(d, c);
            const read = items.slice(0, 20).map(({ id }) => id);
            if (read.length > 0) await readMail(d, c, { ids: read }, ids);
          }),
          say('prime', prime),
        ];
      },
      resolve: async (claims) => {
        const action = triageAction.options[this.#count('triage') % triageAction.options.length] ?? 'discard';
        await ask('container', (by) => {
          const common = deps(by);
          const ids = createIds(`resolve ${claims.agentId} ${claims.attempt}`, common.now());
          return resolveTriage(common, claims, { action, reason: 'Seen.' }, ids);
        });
      },
      endingOf: (agent) => {
        this.turns += 1;
        this.lastWorkAt = this.time.now;
        const { work } = agent;
        const nth = this.#count(workItemOf(agent));
        return this.#plan.ending?.(agent, nth) ?? WELL[work.kind];
      },
    };
  }

  #count(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }

  async #isDue(): Promise<boolean> {
    for (const { townId } of this.towns) {
      if ((await this.store.head(townId))?.dueAt !== undefined) return true;
    }
    return false;
  }

  async #why(): Promise<string> {
    const rows: string[] = [];
    for (const { townId } of this.towns) {
      const town = await this.store.live(townId);
      if (town === undefined) continue;
      for (const { subject, reason, until } of explain(town, this.time.now))
        rows.push(`${subject.kind} ${subject.title}: ${reason} (until ${until})`);
    }
    return [...rows, ...this.errors.slice(-5)].join('\n');
  }
}
