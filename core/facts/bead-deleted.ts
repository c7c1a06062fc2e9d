import { release } from '../acts/agents.ts';
import { endMergeRequest } from '../acts/merge-requests.ts';
import { mergeRequestOf } from '../acts/merging.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A live bead goes without a trace but the log: whoever waited for it waits no longer. */
export const applyBeadDeleted: ApplyFact<StatementOf<InboxStatement, 'bead_deleted'>> = (step, fact) => {
  const { draft } = step;
  const bead = draft.get('bead', fact.beadId);
  if (bead === undefined) return 'stale';
  const mr = mergeRequestOf(draft, 'bead', bead.id);
  if (mr?.stage === 'merging') return 'stale';
  const reason = `deleted by ${fact.by}`;
  release(step, bead.assigneeAgentId, { outcome: 'cancelled', reason });
  if (mr !== undefined) {
    const failure = { code: 'bead_deleted', message: reason };
    endMergeRequest(step, mr, { stage: 'failed', failure, reason });
  }
  step.decide({ subject: { kind: 'bead', id: bead.id }, from: bead.status, to: 'deleted', reason });
  draft.delete('bead', bead.id);
  for (const other of draft.all('bead')) {
    const dependsOn = other.dependsOn.filter((edge) => edge.id !== bead.id);
    if (dependsOn.length < other.dependsOn.length) draft.put('bead', { ...other, dependsOn });
  }
  const convoy = draft.get('convoy', bead.convoyId);
  if (convoy !== undefined) {
    draft.put('convoy', { ...convoy, beads: convoy.beads.filter((edge) => edge.id !== bead.id) });
  }
  return 'applied';
};
