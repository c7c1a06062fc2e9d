import { theMayor } from '../acts/mayor.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** Somebody opens the mayor's window: a session is to be ready. */
export const applyMayorEnsured: ApplyFact<StatementOf<InboxStatement, 'mayor_ensured'>> = (step, fact) => {
  const mayor = theMayor(step);
  step.decide({ subject: { kind: 'agent', id: mayor.id }, reason: `asked for by ${fact.by}` });
  step.draft.put('agent', { ...mayor, isWanted: mayor.status === 'idle', lastActiveAt: step.now });
  return 'applied';
};
