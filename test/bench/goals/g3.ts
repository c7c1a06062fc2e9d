import { T0 } from '../../unit/core/town-builder.ts';
import { sizeOf } from '../../simulation/table/plain-item.ts';
import type { Goal } from '../goal.ts';
import { RUNS_A_MONTH, scheduled } from '../peer/p3-schedule.ts';
import { priceOf } from '../pricing.ts';
import { storedTown } from '../towns.ts';

const SNAPSHOT_BYTES = 50 * 1024 ** 2;
const HOURS = 30 * 24;
/** Of one run of a scheduled function: a warm one that reads a page and writes an item. */
const RUN_SECONDS = 0.03;

/** What a town costs that nobody uses for a month. */
export const g3: Goal = {
  id: 'G3',
  title: 'An idle town costs next to nothing',
  async measure() {
    const { table, store, townId } = await storedTown(50);
    const bytes = [...table.items(`TOWN#${townId}`).values()].reduce((sum, item) => sum + sizeOf(item), 0);
    const head = await store.head(townId);
    // It has work that waits for people; the step that finds that leaves no due time, so nobody asks for it again.
    const { reconcile } = await import('../../../core/reconcile.ts');
    const { createIds } = await import('../../../core/ids.ts');
    if (head === undefined) throw new Error('no town');
    const { dueAt } = reconcile(await store.load(head), [], T0, createIds('bench', T0));
    const invocations = dueAt === undefined ? 0 : RUNS_A_MONTH;
    const ours = priceOf({ tableBytes: bytes, s3Bytes: SNAPSHOT_BYTES });
    const before = { ...table.units };
    await scheduled(table.client, 'model', townId, T0);
    const peer =
      RUNS_A_MONTH *
        priceOf({
          readUnits: table.units.read - before.read,
          writeUnits: table.units.write - before.write,
          scheduledInvocations: 1,
          lambdaRequests: 1,
          lambdaSeconds: RUN_SECONDS,
        }) +
      priceOf({ tableBytes: bytes });
    const awake = priceOf({ containerHours: HOURS });
    return [
      {
        name: 'g3.invocations',
        what: 'scheduled invocations of an idle town a month',
        value: invocations,
        better: 'less',
        target: 0,
        kind: 'count',
      },
      {
        name: 'g3.dollars',
        what: 'dollars a month, with a 50 MiB snapshot',
        value: ours,
        better: 'less',
        target: 0.002,
        kind: 'count',
      },
      {
        name: 'g3.byP3',
        what: 'P3 by ours at 100 beads, without the snapshot',
        value: peer / priceOf({ tableBytes: bytes }),
        better: 'more',
        target: 100,
        kind: 'count',
      },
      {
        name: 'g3.byAwake',
        what: 'a container kept awake by ours',
        value: awake / ours,
        better: 'more',
        target: 10_000,
        kind: 'count',
      },
    ];
  },
};
