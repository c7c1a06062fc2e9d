import { createIds } from '../../../core/ids.ts';
import { reconcile } from '../../../core/reconcile.ts';
import { T0, SEED } from '../../unit/core/town-builder.ts';
import { perSecond, type Goal } from '../goal.ts';
import { sqlTown } from '../peer/p2-sql.ts';
import { busyTown, storedTown } from '../towns.ts';

/** Decisions: as fast whatever has ended, and against SQL over all of it. */
export const g1: Goal = {
  id: 'G1',
  title: 'Decisions do not slow down with what has ended',
  async measure(isQuick) {
    const sizes = isQuick ? [0, 1000] : [0, 100, 10_000, 100_000];
    const town = busyTown();
    const decisions = perSecond(() => reconcile(town, [], T0, createIds(SEED, T0)));
    // What a step is given of a stored town: the same, however much has ended.
    const loaded: number[] = [];
    for (const ended of sizes) {
      const { store, townId } = await storedTown(ended);
      const head = await store.head(townId);
      if (head !== undefined) loaded.push((await store.load(head)).live.bead.size);
    }
    const ratioAt = (ended: number): number => {
      const peer = sqlTown(ended);
      const ticks = perSecond(() => peer.tick(T0), { rounds: 3 });
      peer.close();
      return decisions / ticks;
    };
    console.log(`  (G1: ${Math.round(decisions)} steps a second with 50 live beads on this machine)`);
    const big = isQuick ? 1000 : 100_000;
    return [
      {
        name: 'g1.spread',
        what: 'live beads that a step sees, most by least',
        value: Math.max(...loaded) / Math.min(...loaded),
        better: 'less',
        target: 1.1,
        kind: 'count',
      },
      {
        name: 'g1.at1e4',
        what: 'times P2 with 10,000 ended beads',
        value: ratioAt(isQuick ? 1000 : 10_000),
        better: 'more',
        target: 50,
        kind: 'ratio',
      },
      {
        name: 'g1.at1e5',
        what: 'times P2 with 100,000 ended beads',
        value: ratioAt(big),
        better: 'more',
        target: 500,
        kind: 'ratio',
      },
      {
        name: 'g1.perSecond',
        what: 'steps a second, in 100,000',
        value: decisions / 100_000,
        better: 'more',
        target: 1,
        kind: 'speed',
      },
    ];
  },
};
