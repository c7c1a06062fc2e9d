import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A held bead may be dispatched from now on. */
export const applyBeadStarted: ApplyFact<StatementOf<InboxStatement, 'bead_started'>> = (step, fact) => {
  const bead = step.draft.get('bead', fact.beadId);
  if (bead === undefined || !bead.isHeld) return 'stale';
  const subject = { kind: 'bead', id: bead.id } as const;
  step.decide({ subject, from: 'held', to: 'open', reason: `started by ${fact.by}` });
  step.draft.put('bead', { ...bead, isHeld: false });
  return 'applied';
};
