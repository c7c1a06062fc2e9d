import { VersionConflict } from '../../../core/errors.ts';
import type { TownStore } from '../../../core/ports.ts';

/** What happened in all scenes together: without races there is nothing to see. */
export interface Tally {
  commits: number;
  /** Commits that were refused since somebody else was first. */
  lost: number;
  statements: number;
}

/** What was written through a store, as those who wrote it were told. */
export class Kept {
  /** Commits that changed something, by the version that they were decided on. */
  readonly commits = new Map<number, number>();
  /** How often a commit took each statement. */
  readonly taken = new Map<string, number>();
  /** Versions that were made without a log item. */
  bumps = 0;
  readonly #tally: Tally;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  wrap(store: TownStore): TownStore {
    return {
      ...store,
      commit: async (town, outcome, now) => {
        await store.commit(town, outcome, now).catch((error: unknown) => {
          if (error instanceof VersionConflict) this.#tally.lost += 1;
          throw error;
        });
        this.#tally.commits += 1;
        this.#tally.statements += outcome.takenInbox.length;
        for (const id of outcome.takenInbox) count(this.taken, id);
        const { decisions, changes, takenInbox } = outcome;
        if (decisions.length + changes.length + takenInbox.length > 0) count(this.commits, town.head.version);
      },
      create: async (town, records, at) => {
        await store.create(town, records, at);
        this.bumps += 1;
      },
      addBead: async (townId, bead, body) => {
        await store.addBead(townId, bead, body);
        this.bumps += 1;
      },
      addInbox: async (townId, item) => {
        await store.addInbox(townId, item);
        this.bumps += 1;
      },
    };
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
