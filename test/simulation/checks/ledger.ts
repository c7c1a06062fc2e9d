import { Draft } from '../../../core/draft.ts';
import { ALL_INVARIANTS, violationsOf } from '../../../core/invariants/all.ts';
import type { TownStore } from '../../../core/ports.ts';
import type { Outcome } from '../../../core/reconcile.ts';
import { itemsOf } from '../../unit/core/commit.ts';
import { unexplained } from '../../unit/core/world.ts';
import { promise, SimulationFailure } from './failure.ts';

/** DynamoDB takes 100 items in a transaction; head and log are two. */
const MAX_ITEMS = 98;

/** What made a rule be suspended, where the story says so: nothing else may. */
export const INCIDENT = 'an incident of the story';

/**
 * Stands between the functions and the store: looks at every town that is read and at every step that is committed, and keeps what
 * was promised to whom.
 */
export class Ledger {
  /** The first broken promise; kept, since functions take errors for faults of the store. */
  failure: SimulationFailure | undefined;
  commits = 0;
  /** What decided, what became of what, which facts were stated: `rule bead/dispatch`, `bead in_progress`, `fact agent_done`. */
  readonly seen = new Set<string>();
  /** Statements that were accepted, by town. */
  readonly accepted = new Map<string, Set<string>>();
  /** Beads that were made, by town. */
  readonly made = new Map<string, Set<string>>();

  wrap(store: TownStore): TownStore {
    return {
      ...store,
      load: async (head) => {
        const town = await store.load(head);
        const violations = violationsOf(new Draft(town, head.updatedAt), ALL_INVARIANTS);
        this.#check('what is stored keeps the invariants', violations.length === 0, () =>
          JSON.stringify(violations),
        );
        const missing = unexplained(town, head.updatedAt);
        this.#check('what does not move is explained', missing.length === 0, () => missing.join(', '));
        return town;
      },
      commit: async (town, outcome, now) => {
        const { violations, suspendedRules, facts } = outcome;
        this.#check(
          'no step breaks an invariant',
          violations.length === 0 && (suspendedRules ?? []).every(({ violation }) => violation === INCIDENT),
          () => JSON.stringify({ violations, suspendedRules }),
        );
        this.#check('no fact is poison by itself', facts.quarantined.length === 0, () =>
          JSON.stringify(facts.quarantined),
        );
        this.#check(
          'a step fits a transaction',
          itemsOf(outcome) <= MAX_ITEMS,
          () => `${itemsOf(outcome)} items`,
        );
        this.#check(
          'time does not stand still',
          outcome.dueAt === undefined || Number.isFinite(outcome.dueAt),
          () => `${outcome.dueAt}`,
        );
        await store.commit(town, outcome, now);
        this.commits += 1;
        this.#see(outcome);
      },
      addInbox: async (townId, item) => {
        await store.addInbox(townId, item);
        keep(this.accepted, townId, item.id);
      },
      addBead: async (townId, bead, body) => {
        await store.addBead(townId, bead, body);
        keep(this.made, townId, bead.id);
      },
      create: async (town, records, at) => {
        await store.create(town, records, at);
        for (const { id } of records.beads ?? []) keep(this.made, town.head.id, id);
      },
    };
  }

  #see({ decisions, facts }: Outcome): void {
    for (const { rule, subject, to } of decisions) {
      this.seen.add(`rule ${rule}`);
      if (to !== undefined) this.seen.add(`${subject.kind} ${to}`);
    }
    for (const { fact } of facts.applied)
      if (typeof fact === 'object' && fact !== null && 'type' in fact)
        this.seen.add(`fact ${String(fact.type)}`);
  }

  #check(name: string, holds: boolean, detail: () => string): void {
    try {
      promise(name, holds, detail);
    } catch (error) {
      if (error instanceof SimulationFailure) this.failure ??= error;
      throw error;
    }
  }
}

function keep(map: Map<string, Set<string>>, townId: string, id: string): void {
  const ids = map.get(townId) ?? new Set();
  map.set(townId, ids.add(id));
}
