import type { Bead } from '../../core/town/bead.ts';
import type { Town } from '../../core/town/town.ts';
import { createTownStore } from '../../lambdas/adapters/dynamodb/store.ts';
import { createModelTable, type ModelTable } from '../simulation/table/model-table.ts';
import {
  bead,
  rig,
  T0,
  town,
  workedBead,
  worker,
  container,
  observed,
  report,
} from '../unit/core/town-builder.ts';

/** Live beads of a town that is measured: three at work, the others wait for them. */
export const LIVE_BEADS = 50;

const open = (id: string) => ({ id, outcome: 'open' }) as const;

function liveBeads(): Bead[] {
  const atWork = [0, 1, 2].map((n) => workedBead(`live-${n}`, `agent-${n}`));
  const waiting = Array.from({ length: LIVE_BEADS - atWork.length }, (_, n) =>
    bead(`live-${n + atWork.length}`, {
      dependsOn: [open(`live-${n % 3}`)],
      title: `Bead ${n}`.padEnd(40, '.'),
    }),
  );
  return [...atWork, ...waiting];
}

/** A town at work in which nothing is to be decided just now. */
export function busyTown(): Town {
  const agents = [0, 1, 2].map((n) => worker(`agent-${n}`, `live-${n}`));
  return town({
    rigs: [rig()],
    beads: liveBeads(),
    agents,
    container: container('running'),
    observed: observed({ agents: agents.map(({ id }) => report(id, 'working')) }),
  });
}

export interface StoredTown {
  readonly table: ModelTable;
  readonly store: ReturnType<typeof createTownStore>;
  readonly townId: string;
}

/** A town on the model of the table, with its live beads and so many ended ones. */
export async function storedTown(ended: number): Promise<StoredTown> {
  const table = createModelTable({ now: () => T0 });
  const store = createTownStore({
    client: table.client,
    tableName: 'model',
    codeVersion: 'bench',
    sleep: async () => {},
  });
  const townId = 'bench';
  await store.createTown({
    head: { id: townId, name: 'Bench', ownerId: 'owner' },
    config: { rev: 1 },
    at: T0,
  });
  const head = await store.head(townId);
  if (head === undefined) throw new Error('no town');
  await store.create(
    await store.load(head),
    {
      rigs: [rig()],
      beads: liveBeads().map((one) => ({
        ...one,
        isHeld: true,
        status: 'open' as const,
        assigneeAgentId: undefined,
        branch: undefined,
        attempt: 0,
      })),
    },
    T0,
  );
  for (let n = 0; n < ended; n += 1) {
    const id = `ended-${n}`;
    const attributes = {
      ...bead(id, { status: 'closed', closedAt: T0, title: `Bead ${n}`.padEnd(40, '.') }),
      kind: 'bead',
      donePk: `TOWN#${townId}#bead`,
      doneAt: T0,
    };
    table.set(`TOWN#${townId}`, `DONE#${id}`, withoutUndefined(attributes));
  }
  return { table, store, townId };
}

const withoutUndefined = (attributes: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
