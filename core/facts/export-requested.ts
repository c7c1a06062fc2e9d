import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** Somebody wants the town as a file. */
export const applyExportRequested: ApplyFact<StatementOf<InboxStatement, 'export_requested'>> = (
  step,
  fact,
) => {
  // Its records are on their way out: a file of half of them would look like a town.
  if (step.draft.base.head.lifecycle === 'deleting') return 'stale';
  const subject = { kind: 'town', id: step.draft.base.head.id } as const;
  const decision = step.decide({ subject, reason: `export ${fact.exportId} asked for by ${fact.by}` });
  step.ask({ type: 'export_town', exportId: fact.exportId }, decision);
  return 'applied';
};
