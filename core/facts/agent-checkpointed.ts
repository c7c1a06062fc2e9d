import { speaker } from '../acts/agents.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A worker keeps what it wants to know again when its session has to start anew. The last one counts. */
export const applyAgentCheckpointed: ApplyFact<StatementOf<InboxStatement, 'agent_checkpointed'>> = (
  { draft },
  fact,
) => {
  const { beadId, agentId, data } = fact;
  const bead = draft.get('bead', beadId);
  if (bead === undefined || speaker(draft, fact)?.hook?.id !== beadId) return 'stale';
  draft.put('bead', { ...bead, checkpoint: { agentId, data } });
  return 'applied';
};
