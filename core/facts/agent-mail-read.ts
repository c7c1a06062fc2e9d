import { speaker } from '../acts/agents.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** An agent has read what was written to it: it need not be told any more. */
export const applyAgentMailRead: ApplyFact<StatementOf<InboxStatement, 'agent_mail_read'>> = (
  { draft },
  fact,
) => {
  const reader = speaker(draft, fact);
  const read = fact.messageIds.filter((id) => draft.get('mail', id)?.agentId === reader?.id);
  if (reader === undefined || read.length === 0) return 'stale';
  for (const id of read) draft.delete('mail', id);
  return 'applied';
};
