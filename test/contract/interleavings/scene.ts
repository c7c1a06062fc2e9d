import type { EffectMessage } from '../../../core/effects.ts';
import { noIntegrations } from '../loop/no-integrations.ts';
import { TownError } from '../../../core/errors.ts';
import type { MessageFact, TownMessage } from '../../../core/facts/message.ts';
import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import { createIds } from '../../../core/ids.ts';
import type { Telemetry, TownStore } from '../../../core/ports.ts';
import { seconds } from '../../../core/town/instant.ts';
import { cancelBead } from '../../../lambdas/api/beads/cancel.ts';
import { createBead } from '../../../lambdas/api/create-bead.ts';
import { createRig } from '../../../lambdas/api/create-rig.ts';
import * as beads from '../../../lambdas/api/inputs/beads.ts';
import { done, verdict } from '../../../lambdas/container/agent-tools.ts';
import { sync } from '../../../lambdas/container/sync.ts';
import { reconcileTown } from '../../../lambdas/reconciler/reconcile-town.ts';
import { runEffect } from '../../../lambdas/worker/run-effect.ts';
import { SimulationFailure } from '../../simulation/checks/failure.ts';
import { Ledger } from '../../simulation/checks/ledger.ts';
import { modelTokens } from '../loop/model-tokens.ts';
import { Kept, type Tally } from './kept.ts';
import { ModelTasks } from './model-task.ts';
import { inTurn, ordered, type Order } from './order.ts';

/** What a person asks for: a bead; one bead by two requests that are the same; the end of the nth bead there is. */
export type Wish =
  | { readonly kind: 'create' | 'createTwice' }
  | { readonly kind: 'cancel'; readonly nth: number; readonly as: 'closed' | 'failed' };

type Actor = () => Promise<void>;

const USER = { id: 'owner', orgIds: [] };
const T0 = Date.UTC(2026, 0, 1);
const ROUND_MS = seconds(2);
const SYNC_MS = seconds(30);
const MAX_ROUNDS = 400;
let scenes = 0;

/**
 * One town in rounds. In each everything that is under way happens: two reconcilers take the town's messages, two workers each effect,
 * the task syncs, people ask; who calls a port next is the order's to say.
 */
export class Scene {
  now = T0;
  readonly townId = `interleaved-${process.pid}-${Date.now()}-${(scenes += 1)}`;
  readonly tasks = new ModelTasks();
  readonly ledger = new Ledger();
  readonly kept: Kept;
  readonly errors: string[] = [];
  /** Beads that somebody was told of. */
  readonly created: string[] = [];
  readonly #store: TownStore;
  #messages: TownMessage[] = [];
  #effects: EffectMessage[] = [];
  #rigId = '';
  #requests = 0;
  #seeds = 0;

  constructor(store: TownStore, tally: Tally) {
    this.kept = new Kept(tally);
    this.#store = this.kept.wrap(this.ledger.wrap(store));
  }

  /** A town with a rig and two beads that nobody has looked at. */
  async begin(): Promise<this> {
    const head = { id: this.townId, name: 'Scene', ownerId: USER.id };
    const config = { rev: 1, container: { sleepAfterMinutes: 0.1 } };
    await this.#store.createTown({ head, config, at: this.now });
    const deps = {
      store: this.#store,
      integrations: noIntegrations,
      allowsLocalGitUrls: false,
      githubHost: 'github.com',
    };
    const input = {
      name: 'rig',
      gitUrl: 'https://git.example/repository',
      defaultBranch: 'main',
      config: {},
    };
    this.#rigId = (await createRig(deps, USER, this.townId, input, this.#request())).id;
    await inTurn.run([
      ...this.#wished(inTurn, { kind: 'create' }),
      ...this.#wished(inTurn, { kind: 'create' }),
    ]);
    return this;
  }

  /** @param copies how many functions get each message */
  async round(order: Order, copies: number, wishes: readonly Wish[] = []): Promise<void> {
    this.now += ROUND_MS;
    const [messages, effects] = [this.#messages, this.#effects];
    this.#messages = [];
    this.#effects = [];
    const facts = messages.flatMap(({ fact }) => fact ?? []);
    const isWoken = messages.length > 0 || copies > 1;
    const actors = Array.from({ length: copies }, (_, nth): Actor[] => [
      ...(isWoken ? [() => this.#reconcile(order, `reconciler ${nth + 1}`, facts)] : []),
      ...effects.map((effect) => () => this.#work(order, `worker ${nth + 1}`, effect)),
    ]).flat();
    await order.run([
      ...actors,
      ...this.#syncing(order),
      ...wishes.flatMap((wish) => this.#wished(order, wish)),
    ]);
  }

  /** Goes on, one after the other, until nothing is under way, due or to be told. */
  async settle(): Promise<void> {
    for (let rounds = 0; rounds < MAX_ROUNDS; rounds += 1) {
      const { alive } = this.tasks;
      if (this.#messages.length + this.#effects.length === 0 && alive?.task.isBusy !== true) {
        const dueAt = (await this.#store.head(this.townId))?.dueAt;
        if (dueAt === undefined && alive === undefined) return;
        const syncAt = alive === undefined ? Number.POSITIVE_INFINITY : this.now + SYNC_MS;
        this.now = Math.max(this.now, Math.min(dueAt ?? Number.POSITIVE_INFINITY, syncAt));
        this.#messages.push({ v: MESSAGE_VERSION, townId: this.townId });
      }
      await this.round(inTurn, 1);
    }
    throw new SimulationFailure('the dust settles', `not after ${MAX_ROUNDS} rounds`);
  }

  /** A further reconcile, of its own accord. */
  async again(): Promise<void> {
    await this.#reconcile(inTurn, 'reconciler', []);
  }

  readonly #telemetry: Telemetry = {
    log: (level, message, fields) => {
      if (level === 'error') this.errors.push(`${message} ${JSON.stringify(fields)}`);
    },
    count: () => {},
  };

  #common(order: Order, by: string) {
    return {
      store: ordered(order, `${by} store`, this.#store),
      towns: ordered(order, `${by} towns`, {
        send: async (message: TownMessage) => void this.#messages.push(message),
      }),
      telemetry: this.#telemetry,
      now: () => this.now,
    };
  }

  #request() {
    return { ids: createIds(`request ${(this.#requests += 1)}`, this.now), at: this.now };
  }

  async #reconcile(order: Order, by: string, facts: readonly MessageFact[]): Promise<void> {
    const effects = ordered(order, `${by} effects`, {
      send: async (messages: readonly EffectMessage[]) => void this.#effects.push(...messages),
    });
    const seed = () => `seed ${(this.#seeds += 1)}`;
    const result = await reconcileTown({ ...this.#common(order, by), effects, seed }, this.townId, facts);
    if (result.state === 'done') return;
    // As a queue does it: what was not done comes again.
    for (const fact of facts) this.#messages.push({ v: MESSAGE_VERSION, townId: this.townId, fact });
  }

  async #work(order: Order, by: string, message: EffectMessage): Promise<void> {
    if (message.type === 'poke') {
      const { alive } = this.tasks;
      if (alive?.epoch === message.epoch) alive.task.isBusy = true;
    }
    if (message.type !== 'effect') return;
    const deps = { ...this.#common(order, by), tasks: ordered(order, `${by} tasks`, this.tasks) };
    await runEffect(deps, this.townId, message.key);
  }

  #syncing(order: Order): Actor[] {
    const { alive } = this.tasks;
    if (alive === undefined) return [];
    const deps = { ...this.#common(order, 'container'), tokens: modelTokens };
    const { epoch, task } = alive;
    const step = async (): Promise<void> => {
      await task.step({
        sync: (claims, report) => sync(deps, claims, report),
        done: (claims, branch) => done(deps, claims, { branch }),
        approve: (claims) => verdict(deps, claims, { verdict: 'approve' }),
        async claims(token) {
          const verified = await modelTokens.verify(token);
          if (verified.kind !== 'agent') throw new Error('no agent token');
          return verified.claims;
        },
      });
      if (!task.isOver) return;
      const fact = { type: 'task_stopped', epoch, reason: 'it exited', exitCode: 0 } as const;
      this.#messages.push({ v: MESSAGE_VERSION, townId: this.townId, fact });
    };
    return [step];
  }

  #wished(order: Order, wish: Wish): Actor[] {
    const deps = this.#common(order, wish.kind);
    if (wish.kind === 'cancel') {
      const { nth, as } = wish;
      const beadId = this.created[nth % this.created.length] ?? '';
      return [() => refusable(() => cancelBead(deps, USER, this.townId, beadId, { as }))];
    }
    const title = `bead ${(this.#requests += 1)}`;
    const input = beads.createBead.parse({ rigId: this.#rigId, title });
    const { at } = this.#request();
    const create = async (): Promise<void> => {
      const context = { ids: createIds(title, at), at };
      const bead = await createBead(deps, USER, this.townId, input, context);
      this.created.push(bead.id);
    };
    return wish.kind === 'create' ? [create] : [create, create];
  }
}

/** What has ended, or is just being merged, cannot be cancelled: nothing was promised then. */
async function refusable(ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof TownError) || error.retry !== 'never') throw error;
  }
}
