import { speaker } from '../acts/agents.ts';
import { currentStep } from '../town/molecule.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A worker has finished the step of its bead that it names; said twice, it is finished once. */
export const applyAgentAdvanced: ApplyFact<StatementOf<InboxStatement, 'agent_advanced'>> = (step, fact) => {
  const { draft } = step;
  const bead = draft.get('bead', fact.beadId);
  const agent = speaker(draft, fact);
  if (bead?.molecule === undefined || agent?.hook?.id !== bead.id) return 'stale';
  const current = currentStep(bead.molecule);
  if (current?.index !== fact.step) return 'stale';
  const { steps, summaries } = bead.molecule;
  const reason = `${agent.name} has finished step ${current.index + 1} of ${current.count}: ${current.title}`;
  step.decide({ subject: { kind: 'bead', id: bead.id }, reason });
  draft.put('bead', { ...bead, molecule: { steps, summaries: [...summaries, fact.summary] } });
  return 'applied';
};
