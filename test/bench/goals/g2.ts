import { createIds } from '../../../core/ids.ts';
import { reconcile } from '../../../core/reconcile.ts';
import { T0 } from '../../unit/core/town-builder.ts';
import { duePkOf } from '../../../lambdas/adapters/dynamodb/due-shard.ts';
import type { Figure, Goal } from '../goal.ts';
import { tick } from '../peer/p1-tick.ts';
import { sizeOf } from '../../simulation/table/plain-item.ts';
import { storedTown, type StoredTown } from '../towns.ts';

const count = (name: string, what: string, value: number, target: number): Figure => ({
  name: `g2.${name}`,
  what,
  value,
  better: 'less',
  target,
  kind: 'count',
});

async function unitsOf(
  { table }: StoredTown,
  act: () => Promise<unknown>,
): Promise<{ read: number; write: number }> {
  const before = { ...table.units };
  await act();
  return { read: table.units.read - before.read, write: table.units.write - before.write };
}

/** One wake-up as the reconciler does it. */
async function wake({ store, townId }: StoredTown, now: number): Promise<void> {
  const head = await store.head(townId);
  if (head?.dueAt === undefined || head.dueAt > now) return;
  const town = await store.load(head);
  await store.commit(town, reconcile(town, [], now, createIds('bench', now)), now);
}

/** Request units of a wake-up, and against a tick that reads everything. */
export const g2: Goal = {
  id: 'G2',
  title: 'A wake-up costs what is live, not what has ended',
  async measure(isQuick) {
    const stored = await storedTown(0);
    const { table, store, townId } = stored;
    // The first step writes down what the container should run. Woken again, the town finds nothing to do.
    await wake(stored, T0);
    table.set(`TOWN#${townId}`, 'LIVE#!HEAD', { dueAt: T0, duePk: duePkOf(townId) });
    const noChange = await unitsOf(stored, () => wake(stored, T0));
    const idle = await unitsOf(stored, () => wake(stored, T0));
    const liveBytes = [...table.items(`TOWN#${townId}`)].reduce(
      (sum, [sk, item]) => sum + (sk.startsWith('LIVE#') ? sizeOf(item) : 0),
      0,
    );
    await store.addInbox(townId, {
      id: 'start',
      at: T0,
      statement: { type: 'bead_started', beadId: 'live-0', by: 'ann' },
    });
    const before = new Map(table.items(`TOWN#${townId}`));
    const active = await unitsOf(stored, () => wake(stored, T0));
    const changedKib = [...table.items(`TOWN#${townId}`)].reduce(
      (sum, [sk, item]) => sum + (before.get(sk) === item ? 0 : Math.ceil(sizeOf(item) / 1024)),
      0,
    );
    const gone = [...before.keys()].filter((sk) => !table.items(`TOWN#${townId}`).has(sk)).length;
    const figures = [
      count('idle.read', 'read units of an idle wake', idle.read, 1),
      count('idle.write', 'write units of an idle wake', idle.write, 0),
      count(
        'noChange.read',
        'read units above the live bytes / 4 KiB',
        noChange.read - Math.ceil(liveBytes / 4096),
        1,
      ),
      count(
        'noChange.write',
        'write units of a wake that changes nothing but the due time',
        noChange.write,
        2,
      ),
      count(
        'active.write',
        'write units of a dispatch, by twice the KiB of what it changes',
        active.write / (2 * (changedKib + gone)),
        1,
      ),
    ];
    for (const [name, ended, target] of isQuick
      ? ([['p1At1e3', 1000, 50]] as const)
      : ([
          ['p1At1e4', 10_000, 500],
          ['p1At1e5', 100_000, 5000],
        ] as const)) {
      const large = await storedTown(ended);
      const ours = await unitsOf(large, () => wake(large, T0));
      const peer = await unitsOf(large, () => tick(large.table.client, 'model', large.townId, T0));
      figures.push({
        name: `g2.${name}`,
        what: `read units of P1 by ours with ${ended} ended beads`,
        value: peer.read / ours.read,
        better: 'more',
        target,
        kind: 'count',
      });
      const again = await unitsOf(large, () => wake(large, T0));
      figures.push({
        name: `g2.${name}.idle`,
        what: `the same for a wake that finds nothing due`,
        value: peer.read / again.read,
        better: 'more',
        target,
        kind: 'count',
      });
    }
    return figures;
  },
};
