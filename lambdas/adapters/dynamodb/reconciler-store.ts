import type { ReconcilerStore } from '../../../core/ports.ts';
import { commit } from './commit.ts';
import { readHead, recordFailure } from './head.ts';
import { loadLive } from './live-range.ts';
import { quarantineWrite } from './quarantine.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';

export interface TownStoreOptions extends TownTableOptions {
  /** Which code decided; kept in the log. */
  readonly codeVersion: string;
}

/** What the reconciler needs of the table, and nothing that its function would load for others. */
export const createReconcilerStore = (options: TownStoreOptions): ReconcilerStore =>
  reconcilerStoreOn(new TownTable(options), options.codeVersion);

export function reconcilerStoreOn(table: TownTable, codeVersion: string): ReconcilerStore {
  return {
    head: (townId) => readHead(table, townId),
    // A rule that other code was suspended with is tried again.
    load: ({ suspendedRules, ...head }) =>
      loadLive(table, {
        ...head,
        suspendedRules: suspendedRules?.filter((one) => one.codeVersion === codeVersion),
      }),
    commit: (town, outcome, now) => commit(table, codeVersion, town, outcome, now),
    async quarantine(townId, entry, at) {
      await table.write('quarantine', quarantineWrite(townId, entry, at));
    },
    recordFailure: (townId, failure, dueAt) => recordFailure(table, townId, failure, dueAt),
  };
}
