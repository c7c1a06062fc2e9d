import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person or the mayor starts a staged convoy. */
export const applyConvoyStarted: ApplyFact<StatementOf<InboxStatement, 'convoy_started'>> = (step, fact) => {
  const convoy = step.draft.get('convoy', fact.convoyId);
  if (convoy === undefined || convoy.state !== 'staged') return 'stale';
  step.decide({
    subject: { kind: 'convoy', id: convoy.id },
    from: 'staged',
    to: 'active',
    reason: `started by ${fact.by}`,
  });
  step.draft.put('convoy', { ...convoy, state: 'active', stateSince: step.now });
  return 'applied';
};
