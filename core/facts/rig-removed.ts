import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A rig without live work leaves the town, and its agents with it. */
export const applyRigRemoved: ApplyFact<StatementOf<InboxStatement, 'rig_removed'>> = (step, fact) => {
  const { draft } = step;
  const rig = draft.get('rig', fact.rigId);
  if (rig === undefined) return 'stale';
  const work = [...draft.all('bead'), ...draft.all('convoy'), ...draft.all('mergeRequest')];
  if (work.some(({ rigId }) => rigId === rig.id)) return 'stale';
  step.decide({ subject: { kind: 'rig', id: rig.id }, to: 'removed', reason: `removed by ${fact.by}` });
  for (const agent of draft.all('agent')) if (agent.rigId === rig.id) draft.delete('agent', agent.id);
  draft.archive('rig', rig);
  return 'applied';
};
