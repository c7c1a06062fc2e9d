import { workOfRig } from '../acts/rigs.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person removes a rig, and what is unfinished in it only if that is said. It may be much: the rule `rig/remove` does it. */
export const applyRigRemoved: ApplyFact<StatementOf<InboxStatement, 'rig_removed'>> = (step, fact) => {
  const { draft, now: at } = step;
  const { by, isForced } = fact;
  const rig = draft.get('rig', fact.rigId);
  if (rig === undefined || rig.removing !== undefined) return 'stale';
  if (isForced !== true && workOfRig(draft.live, rig.id).length > 0) return 'stale';
  step.decide({ subject: { kind: 'rig', id: rig.id }, to: 'removing', reason: `removed by ${by}` });
  draft.put('rig', { ...rig, removing: { by, at } });
  return 'applied';
};
