import { createSweeperHandler } from '../../../lambdas/sweeper/handler.ts';
import { duePkOf } from '../../../lambdas/adapters/dynamodb/due-shard.ts';
import { createTownStore } from '../../../lambdas/adapters/dynamodb/store.ts';
import { createModelTable } from '../../simulation/table/model-table.ts';
import { T0 } from '../../unit/core/town-builder.ts';
import type { Goal } from '../goal.ts';

const ACTIVE_PART = 0.01;

async function sweep(towns: number, due: number): Promise<{ messages: number; calls: number; read: number }> {
  const table = createModelTable({ now: () => T0 });
  for (let n = 0; n < towns; n += 1) {
    const id = `town-${n}`;
    const dueNow = n < due ? { dueAt: T0 - n, duePk: duePkOf(id) } : {};
    table.set(`TOWN#${id}`, 'LIVE#!HEAD', { id, version: 1, schema: 1, ...dueNow });
  }
  const before = table.calls;
  const unitsBefore = table.units.read;
  let messages = 0;
  await createSweeperHandler({
    store: createTownStore({ client: table.client, tableName: 'model', codeVersion: 'bench' }),
    towns: { send: async () => void (messages += 1) },
    telemetry: { log: () => {}, count: () => {} },
    now: () => T0,
    limitMs: 50_000,
  })();
  return { messages, calls: table.calls - before, read: table.units.read - unitsBefore };
}

/** The sweeper's work grows with the towns that are due, not with those that there are. */
export const g9: Goal = {
  id: 'G9',
  title: 'Work grows with what is due',
  async measure(isQuick) {
    const towns = isQuick ? 5000 : 100_000;
    const due = towns * ACTIVE_PART;
    const few = await sweep(due, due);
    const many = await sweep(towns, due);
    return [
      {
        name: 'g9.messages',
        what: 'wake-ups by due towns',
        value: many.messages / due,
        better: 'less',
        target: 1.05,
        kind: 'count',
      },
      {
        name: 'g9.reads',
        what: 'read units of a sweep, 100 times the towns by the same due ones',
        value: many.read / few.read,
        better: 'less',
        target: 1.05,
        kind: 'count',
      },
      {
        name: 'g9.calls',
        what: 'calls of the table by a sweep',
        value: many.calls,
        better: 'less',
        target: 20,
        kind: 'count',
      },
      {
        name: 'g9.memory',
        what: 'memory of it all, in GiB',
        value: process.memoryUsage().rss / 1024 ** 3,
        better: 'less',
        target: 1,
        kind: 'ratio',
      },
    ];
  },
};
