import { release } from '../acts/agents.ts';
import { enterStage, failMergeRequest } from '../acts/merge-requests.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** The reviewer's verdict: `approve` opens the merge request for merging, `request_changes` sends its bead back. */
export const applyAgentVerdict: ApplyFact<StatementOf<InboxStatement, 'agent_verdict'>> = (step, fact) => {
  const { draft } = step;
  const mr = draft.get('mergeRequest', fact.mergeRequestId);
  const agent = draft.get('agent', fact.agentId);
  const isCurrent = mr?.reviewerAgentId === fact.agentId && agent?.attempt === fact.attempt;
  if (mr === undefined || mr.stage !== 'reviewing' || !isCurrent) return 'stale';
  if (fact.verdict === 'approve') {
    release(step, fact.agentId, { outcome: 'approved', reason: 'approved' });
    enterStage(step, mr, 'open', 'the reviewer approved', { reviewerAgentId: undefined });
    return 'applied';
  }
  const feedback = fact.feedback ?? 'The reviewer asked for changes without saying which.';
  const message = 'the reviewer asked for changes';
  release(step, fact.agentId, { outcome: 'changes_requested', reason: feedback });
  failMergeRequest(step, mr, { code: 'changes_requested', message }, { feedback, hasCooldown: false });
  return 'applied';
};
