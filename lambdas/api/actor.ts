/** Who can be behind a decision of the town. */
export const actors = ['town', 'agent', 'container', 'platform', 'person'] as const;

/** Who made the town decide: rules decide by themselves, facts and edits come from somebody. */
export function actorOf(rule: string): (typeof actors)[number] {
  if (rule.startsWith('api/')) return 'person';
  if (!rule.startsWith('fact/')) return 'town';
  if (rule === 'fact/observed') return 'container';
  if (rule === 'fact/effect_result' || rule === 'fact/task_stopped') return 'platform';
  const isSaidByAgent = ['fact/agent_done', 'fact/agent_verdict', 'fact/agent_escalated'].includes(rule);
  return isSaidByAgent ? 'agent' : 'person';
}
