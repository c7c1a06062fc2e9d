import { expect, test } from 'vitest';
import type { MessageFact } from '../../../../core/facts/message.ts';
import { applyFacts, decided, town, type TownParts } from '../town-builder.ts';

/** A situation, a fact, and what becomes of both. What the town holds in its inbox and observed state is applied, too. */
export interface Row {
  readonly situation: string;
  readonly town: TownParts;
  readonly facts?: readonly MessageFact[];
  /** How many facts were applied, and how many changed nothing. Observed states that change nothing are not counted. */
  readonly applied?: number;
  readonly stale?: number;
  /** What is decided, as `decided` shows it. @default nothing */
  readonly decides?: readonly string[];
  /** Part of the reason of the first decision. */
  readonly reason?: string;
}

/** A test a row: the facts alone, without a rule; what they do must not break an invariant. */
export function rows(table: readonly Row[]): void {
  test.each(table)(
    '$situation',
    ({ town: parts, facts, applied = 0, stale = 0, decides = [], reason = '' }) => {
      const outcome = applyFacts(town(parts), facts);
      expect({
        applied: outcome.facts.applied.length,
        stale: outcome.facts.stale.length,
        quarantined: outcome.facts.quarantined,
        decides: decided(outcome),
        reason: outcome.decisions[0]?.reason ?? '',
      }).toEqual({ applied, stale, quarantined: [], decides, reason: expect.stringContaining(reason) });
      // Applied or not, it is off the inbox.
      expect(outcome.takenInbox).toHaveLength(parts.inbox?.length ?? 0);
    },
  );
}

/** The records that a fact leaves behind, changed, made or archived. */
export const left = (parts: TownParts, facts?: readonly MessageFact[]) =>
  applyFacts(town(parts), facts).changes.map((change) => ({
    op: change.op,
    kind: change.kind,
    ...(change.op === 'delete' ? change.before : change.record),
  }));
