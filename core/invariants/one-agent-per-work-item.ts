import type { Invariant } from './invariant.ts';

/** At most one agent is hooked to a bead or merge request. */
export const oneAgentPerWorkItem: Invariant = {
  name: 'one-agent-per-work-item',
  check(draft) {
    const seen = new Set<string>();
    return draft.all('agent').flatMap((agent) => {
      if (agent.hook === undefined) return [];
      const key = `${agent.hook.kind} ${agent.hook.id}`;
      if (seen.has(key)) return [`more than one agent is hooked to ${key}`];
      seen.add(key);
      return [];
    });
  },
};
