import { expect, test } from 'vitest';
import { ALL_INVARIANTS, violationsOf } from '../../core/invariants/all.ts';
import { Draft } from '../../core/draft.ts';
import { seconds } from '../../core/town/instant.ts';
import type { Town } from '../../core/town/town.ts';
import { resetAgent, stopAgent } from '../../lambdas/api/agents/acts.ts';
import { cancelBead } from '../../lambdas/api/beads/cancel.ts';
import { deleteBead } from '../../lambdas/api/beads/delete.ts';
import { closeConvoy } from '../../lambdas/api/convoys/close.ts';
import { removeRig } from '../../lambdas/api/rigs/remove.ts';
import { createTownStore } from '../../lambdas/adapters/dynamodb/store.ts';
import type { Call, Fault } from '../contract/loop/port-calls.ts';
import { USER, World } from '../contract/loop/world.ts';
import { createModelTable } from './table/model-table.ts';

type Deps = ReturnType<World['common']>;
interface Ending {
  readonly what: string;
  /** After the beginning of the demo. */
  readonly atMs: number;
  readonly act: (deps: Deps, town: Town) => Promise<unknown>;
  /** What must not be there when everything has come to rest. */
  readonly left: (town: Town, began: Town) => readonly string[];
}

const first = <T>(of: Iterable<T>): T => {
  for (const one of of) return one;
  throw new Error('there is none');
};
const aWorker = ({ live }: Town) =>
  first([...live.agent.values()].filter(({ hook }) => hook?.kind === 'bead'));
const aBead = ({ live }: Town) =>
  first([...live.bead.values()].filter(({ status }) => status === 'in_progress'));
const stillThere = ({ live: { bead } }: Town, id: string): string[] => (bead.has(id) ? [id] : []);

/** Two beads are worked on; a minute later one is under review, and one waits for that. */
const AT_WORK_MS = seconds(60);
const IN_REVIEW_MS = seconds(120);

const ENDINGS: readonly Ending[] = [
  {
    what: 'a rig that is removed with all of its work',
    atMs: IN_REVIEW_MS,
    act: (deps, town) => removeRig(deps, USER, town.head.id, first(town.live.rig.keys()), true),
    left: ({ live }) =>
      (['rig', 'bead', 'convoy', 'mergeRequest', 'agent', 'mail'] as const).flatMap((kind) => [
        ...live[kind].keys(),
      ]),
  },
  {
    what: 'a convoy that is closed',
    atMs: IN_REVIEW_MS,
    act: (deps, town) => closeConvoy(deps, USER, town.head.id, first(town.live.convoy.keys()), undefined),
    left: ({ live }) => [...live.convoy.keys(), ...live.bead.keys(), ...live.mergeRequest.keys()],
  },
  {
    what: 'a bead that is deleted while it is worked on',
    atMs: AT_WORK_MS,
    act: (deps, town) => deleteBead(deps, USER, town.head.id, aBead(town).id),
    left: (town, began) => stillThere(town, aBead(began).id),
  },
  {
    what: 'a bead that is cancelled while it is worked on',
    atMs: AT_WORK_MS,
    act: (deps, town) => cancelBead(deps, USER, town.head.id, aBead(town).id, { as: 'failed' }),
    left: (town, began) => stillThere(town, aBead(began).id),
  },
  {
    what: 'an agent that is reset: its bead goes on and is done',
    atMs: AT_WORK_MS,
    act: (deps, town) => resetAgent(deps, USER, town.head.id, aWorker(town).id),
    left: ({ live }) => [...live.bead.keys(), ...live.convoy.keys()],
  },
  {
    what: 'an agent that is stopped: its bead is held',
    atMs: AT_WORK_MS,
    act: (deps, town) => stopAgent(deps, USER, town.head.id, aWorker(town).id),
    left: ({ live }, began) => {
      const bead = live.bead.get(aWorker(began).hook?.id ?? '');
      return bead?.isHeld === true && bead.status === 'open' ? [] : [`${bead?.status}`];
    },
  },
];
const MODES: readonly Fault[] = ['refused', 'ambiguous', 'killed'];

/** Calls between two crashes of one run, and how many there are: then it recovers. */
const SPACING = 10;
const CRASHES = 10;
const CLIENT_TRIES = 5;

async function tell({ atMs, act, left }: Ending, fault: (call: Call) => Fault | undefined): Promise<number> {
  let world: World | undefined;
  const isOn = { value: false };
  let calls = 0;
  const table = createModelTable({ now: () => world?.time.now ?? 0 });
  const store = createTownStore({
    client: table.client,
    tableName: 'model',
    codeVersion: 'simulated',
    sleep: async () => {},
  });
  world = new World(store, {
    townNames: 'ending',
    fault: (call) => (isOn.value ? fault({ ...call, number: (calls += 1) }) : undefined),
  });
  const model = await world.createTown({ config: { container: { sleepAfterMinutes: 1 } } });
  await world.startDemo(model);
  await world.pass(atMs);
  const began = await liveOf(world, model.townId);
  isOn.value = true;
  for (let attempt = 1; attempt <= CLIENT_TRIES; attempt += 1) {
    const answer = await world
      .invoke('api', (by) => act(world.common(by), began))
      .catch((error: unknown) => (attempt > 1 && isFinal(error) ? 'done' : 'killed'));
    if (answer !== 'killed') break;
  }
  await world.run();
  const town = await liveOf(world, model.townId);
  const rest = {
    left: left(town, began),
    violations: violationsOf(new Draft(town, world.time.now), ALL_INVARIANTS),
    inbox: town.inbox,
    dueAt: town.head.dueAt,
    alive: world.platform.alive,
    overlaps: world.platform.overlaps,
  };
  const nothing = { left: [], violations: [], inbox: [], dueAt: undefined, alive: [], overlaps: [] };
  expect(rest).toEqual(nothing);
  return calls;
}

async function liveOf({ store }: World, townId: string): Promise<Town> {
  const town = await store.live(townId);
  if (town === undefined) throw new Error('no town');
  return town;
}

/** Asked for again, it may be done already. */
const isFinal = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'retry' in error && error.retry === 'never';

test.each(ENDINGS)(
  '$what comes to its end after a crash at any call',
  { timeout: 60_000 },
  async (ending) => {
    const calls = await tell(ending, () => undefined);
    expect(calls).toBeGreaterThan(10);
    const failed: string[] = [];
    for (const mode of MODES) {
      for (let from = 1; from <= calls; from += from % SPACING === 0 ? SPACING * (CRASHES - 1) + 1 : 1) {
        const isCrash = ({ number }: Call): boolean =>
          number >= from && number < from + SPACING * CRASHES && (number - from) % SPACING === 0;
        await tell(ending, (call) => (isCrash(call) ? mode : undefined)).catch(
          (error: unknown) => void failed.push(`${mode} from call ${from} on: ${String(error)}`),
        );
      }
    }
    console.log(`${ending.what}: ${calls} calls`);
    expect(failed).toEqual([]);
  },
);
