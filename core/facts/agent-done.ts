import { refuseDone } from '../acts/done-claims.ts';
import { currentStep } from '../town/molecule.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** An agent says that its bead is finished. The claim is verified before the bead moves. */
export const applyAgentDone: ApplyFact<StatementOf<InboxStatement, 'agent_done'>> = (step, fact) => {
  const { draft, now } = step;
  const bead = draft.get('bead', fact.beadId);
  const agent = draft.get('agent', fact.agentId);
  const isCurrent = agent?.hook?.id === fact.beadId && agent.attempt === fact.attempt;
  if (bead === undefined || !isCurrent || bead.status !== 'in_progress' || bead.done !== undefined)
    return 'stale';
  if (fact.branch !== bead.branch) {
    refuseDone(
      step,
      bead,
      `your branch is ${bead.branch}, not ${fact.branch}; push there and call gt_done with it`,
    );
    return 'applied';
  }
  const next = bead.molecule === undefined ? undefined : currentStep(bead.molecule);
  if (next !== undefined) {
    const where = `step ${next.index + 1} of ${next.count} (${next.title}) is not finished`;
    refuseDone(step, bead, `${where}: do it, say so with gt_mol_advance, and then call gt_done`);
    return 'applied';
  }
  step.decide({
    subject: { kind: 'bead', id: bead.id },
    reason: `${agent.name} says it is done on ${fact.branch}; verifying`,
  });
  const { branch, summary } = fact;
  draft.put('bead', { ...bead, done: { agentId: agent.id, branch, summary, at: now, jobErrors: 0 } });
  return 'applied';
};
