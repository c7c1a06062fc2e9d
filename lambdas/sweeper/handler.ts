import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import { DUE_SHARDS } from '../adapters/dynamodb/due-shard.ts';
import type { Now, Telemetry, TownQueue, TownStore } from '../../core/ports.ts';

export interface SweeperDeps {
  readonly store: Pick<TownStore, 'dueTowns'>;
  readonly towns: TownQueue;
  readonly telemetry: Telemetry;
  readonly now: Now;
  /** Longest run, in milliseconds: below the schedule's interval. */
  readonly limitMs: number;
}

const SHARDS = Array.from({ length: DUE_SHARDS }, (_, shard) => shard);
/** Towns of a shard that one run wakes at most. */
const PAGE = 2000;

/** Wakes the towns whose due time has come, the longest overdue first. */
export function createSweeperHandler({ store, towns, telemetry, now, limitMs }: SweeperDeps) {
  return async (): Promise<{ woken: number }> => {
    const startedAt = now();
    const woken = await Promise.all(
      SHARDS.map(async (shard) => {
        const due = await store.dueTowns(shard, startedAt, PAGE);
        let count = 0;
        for (const { townId, dueAt } of due) {
          if (now() - startedAt > limitMs) break;
          // One wake-up a town and minute: a second sweeper, or a slow reconciler, makes no more.
          const dedupId = `sweep-${townId}-${dueAt}-${Math.floor(startedAt / 60_000)}`;
          await towns.send({ v: MESSAGE_VERSION, townId }, dedupId);
          count += 1;
        }
        const [oldest] = due;
        if (oldest !== undefined) telemetry.count('sweeper.lag_ms', startedAt - oldest.dueAt);
        return count;
      }),
    );
    const total = woken.reduce((sum, count) => sum + count, 0);
    if (total > 0) telemetry.log('info', 'swept', { woken: total });
    telemetry.count('sweeper.woken', total);
    return { woken: total };
  };
}
