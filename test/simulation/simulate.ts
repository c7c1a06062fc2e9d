import { createIds } from '../../core/ids.ts';
import { minutes, seconds } from '../../core/town/instant.ts';
import type { Town } from '../../core/town/town.ts';
import { resumeRule } from '../../lambdas/api/town/resume-rule.ts';
import type { TownStore } from '../../core/ports.ts';
import { createTownStore } from '../../lambdas/adapters/dynamodb/store.ts';
import { USER, World, type ModelTown, type Plan } from '../contract/loop/world.ts';
import { ACTS } from './acts/all.ts';
import { checkLiveness, checkSafety } from './checks/end-state.ts';
import { SimulationFailure } from './checks/failure.ts';
import { checkReplay } from './checks/replay.ts';
import { linesOf, stepsIn } from './checks/history.ts';
import { Ledger } from './checks/ledger.ts';
import type { FaultName } from './faults/all.ts';
import { Injector } from './faults/injector.ts';
import { transferOver } from './no-files.ts';
import { Choices } from './random.ts';
import type { PlannedAct, Story } from './story/story.ts';
import { createModelTable, type ModelTable } from './table/model-table.ts';

/** `safety`: faults never stop, and nothing wrong may happen. `liveness`: they stop, and everything must come to rest. */
export const MODES = ['safety', 'liveness'] as const;
export type Mode = (typeof MODES)[number];

export interface Result {
  readonly virtualMs: number;
  readonly faults: ReadonlyMap<FaultName, number>;
  readonly seen: ReadonlySet<string>;
  readonly commits: number;
  /** Request units of the busiest partition in its busiest second. */
  readonly mostLoad: { readonly read: number; readonly write: number };
  readonly beads: number;
  readonly effort: { readonly runs: number; readonly messages: number; readonly turns: number };
}

/** Faults go on for so long after the last act in safety mode. */
const STORM_AFTER_MS = minutes(10);
/** Everything comes to rest within so long after the faults stopped: a landing is tried five times, 30 minutes apart at most. */
const REST_LIMIT_MS = minutes(12 * 60);
const MAX_MOMENTS = 60_000;
const START_MS = seconds(20);
const CLIENT_TRIES = 4;
/** Of so many stories one is replayed: that takes as long as the story. */
const REPLAYED = 4;

/**
 * Tells a story and checks what must hold.
 * @param inspect looks at the end of it
 * @param core another core that decides, to see whether its faults are found
 * @throws SimulationFailure
 */
export async function simulate(
  story: Story,
  mode: Mode,
  core: Pick<Plan, 'decide'> = {},
  inspect?: (world: World, table: ModelTable, store: TownStore) => Promise<void>,
): Promise<Result> {
  let world: World | undefined;
  const now = (): number => world?.time.now ?? 0;
  const startedAt = { at: 0 };
  const injector = new Injector(story, () => now() - startedAt.at);
  const talk = new Choices(story.seed, 'talk');
  const ledger = new Ledger();
  const table = createModelTable({
    now,
    fault: (call) => injector.table(call),
    ...(story.faults.some(({ fault }) => fault === 'indexLate')
      ? { indexDelayMs: () => injector.indexDelayMs() }
      : {}),
  });
  const store = ledger.wrap(
    createTownStore({
      client: table.client,
      tableName: 'model',
      codeVersion: 'simulated',
      sleep: async () => {},
    }),
  );
  const telemetry = { log: () => {}, count: () => {} };
  world = new World(store, {
    ...core,
    seed: story.seed,
    townNames: `town-${story.seed}`,
    reconcilers: story.reconcilers,
    townDelivery: () => injector.delivery(),
    effectDelivery: () => injector.delivery(),
    platform: {
      run: () => injector.run(),
      startMs: () => {
        const startMs = injector.startMs();
        return startMs === null ? undefined : (startMs ?? START_MS);
      },
    },
    fault: (call) => injector.call(call),
    ending: (agent) => injector.ending(agent),
    starts: () => !injector.neverStarts(),
    job: (job) => injector.job(job),
    talks: () => talk.chance(story.talking ?? 0),
    clockOffsetMs: (by) => injector.clockOffsetMs(by),
    forge: {
      fault: (call) => injector.forge(call),
      deed: () => injector.deed(),
      isTelling: story.isForgeTelling === true,
    },
    transfer: transferOver(table, { store, telemetry, now }),
  });
  startedAt.at = world.time.now;
  injector.isCalm = true;
  for (const settings of story.towns) await world.createTown(settings);
  injector.isCalm = false;
  for (const planned of story.acts) plan(world, planned);
  disturb(world, injector, story);
  try {
    await run(world, mode, story, injector, ledger);
    if (ledger.failure !== undefined) throw ledger.failure;
    checkSafety(world, table, ledger);
    if (mode === 'liveness') await checkLiveness(world, table, ledger, story, startedAt.at);
    injector.isCalm = true;
    // By this core only: another one decides otherwise, which is what it is for.
    if (core.decide === undefined && story.seed % REPLAYED === 0) await checkReplay(world, table, store);
    await inspect?.(world, table, store);
  } catch (error) {
    if (error instanceof SimulationFailure) {
      error.history = world.towns.flatMap(({ townId }) =>
        linesOf(stepsIn(table.items(`TOWN#${townId}`)), startedAt.at),
      );
    }
    throw error;
  }
  return {
    virtualMs: world.elapsedMs,
    faults: injector.counts,
    seen: ledger.seen,
    commits: ledger.commits,
    mostLoad: table.load.most,
    beads: [...ledger.made.values()].reduce((sum, ids) => sum + ids.size, 0),
    effort: {
      runs: world.platform.runs,
      messages: world.townQueue.sent + world.effectQueue.sent,
      turns: world.turns,
    },
  };
}

async function run(
  world: World,
  mode: Mode,
  story: Story,
  injector: Injector,
  ledger: Ledger,
): Promise<void> {
  const startedAt = world.time.now;
  const isBroken = (): boolean => ledger.failure !== undefined;
  const stormEndsMs = story.calmAtMs + (mode === 'safety' ? STORM_AFTER_MS : 0);
  let isOver = false;
  world.time.after(stormEndsMs, () => {
    isOver = true;
  });
  const limits = { limitMs: Number.POSITIVE_INFINITY, maxMoments: MAX_MOMENTS };
  await world.run(() => isOver || isBroken(), limits).catch(asFailure('the story goes on'));
  if (mode === 'safety' || isBroken()) return;
  injector.isCalm = true;
  await liftSuspensions(world);
  const lastActMs = Math.max(...story.acts.map(({ atMs }) => atMs));
  const limitMs = Math.max(world.time.now - startedAt, lastActMs) + REST_LIMIT_MS;
  await world
    .run(isBroken, { limitMs, maxMoments: MAX_MOMENTS })
    .catch(asFailure('everything comes to rest'));
}

/** People have repaired what made rules be suspended, and let them run again. */
async function liftSuspensions(world: World): Promise<void> {
  for (const { townId } of world.towns) {
    const head = await world.store.head(townId);
    for (const { rule } of head?.suspendedRules ?? [])
      await world.invoke('api', (by) => resumeRule(world.common(by), USER, townId, rule));
  }
}

const asFailure =
  (name: string) =>
  (error: unknown): never => {
    throw error instanceof SimulationFailure ? error : new SimulationFailure(name, String(error));
  };

/** An act at its time: its caller hears of errors, and tries again when that may help. */
function plan(world: World, { atMs, act, town: place, seed }: PlannedAct): void {
  const model = world.towns[place];
  if (model === undefined) return;
  world.time.after(atMs, async () => {
    const at = world.time.now;
    // Whoever asks again asks for the same.
    const seen: { town?: Town } = {};
    for (let attempt = 1; attempt <= CLIENT_TRIES; attempt += 1) {
      const answer = await world
        .invoke('api', (by) => doAct(world, by, model, { act, seed, at, seen }))
        .catch((error: unknown) => (mayHelp(error) ? 'again' : 'refused'));
      if (answer !== 'killed' && answer !== 'again') return;
    }
  });
}

const mayHelp = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && (!('retry' in error) || error.retry !== 'never');

async function doAct(
  world: World,
  by: Parameters<World['common']>[0],
  model: ModelTown,
  { act, seed, at, seen }: Pick<PlannedAct, 'act' | 'seed'> & { at: number; seen: { town?: Town } },
): Promise<void> {
  const deps = world.common(by);
  const head = await deps.store.head(model.townId);
  if (head === undefined) return;
  const town = (seen.town ??= await deps.store.load(head));
  // The same request again makes the same records.
  const request = { ids: createIds(`act ${seed} of ${USER.id}`, at), at };
  await ACTS[act]({ deps, town, model, choices: new Choices(seed, act), request });
}

const DISTURB_EVERY_MS = seconds(60);

/** What comes by itself: messages from nowhere, tasks that end. */
function disturb(world: World, injector: Injector, story: Story): void {
  for (let atMs = DISTURB_EVERY_MS; atMs < story.calmAtMs; atMs += DISTURB_EVERY_MS) {
    world.time.after(atMs, () => {
      for (const { townId } of world.towns) {
        const body = injector.poison(townId);
        if (body !== undefined) world.townQueue.send({ body, group: townId });
        if (injector.killsTask()) world.platform.kill(townId);
      }
    });
  }
}
