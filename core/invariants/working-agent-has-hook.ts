import type { Invariant } from './invariant.ts';

/** A working agent has something to work on that is still live, and an idle one has not. The mayor works on no item. */
export const workingAgentHasHook: Invariant = {
  name: 'working-agent-has-hook',
  check(draft) {
    return draft.all('agent').flatMap((agent) => {
      if (agent.role === 'mayor') return [];
      const isLive = agent.hook !== undefined && draft.get(agent.hook.kind, agent.hook.id) !== undefined;
      if (agent.status === 'working' && !isLive) return [`agent ${agent.id} works on nothing that is live`];
      if (agent.status === 'idle' && agent.hook !== undefined)
        return [`agent ${agent.id} is idle with a hook`];
      return [];
    });
  },
};
