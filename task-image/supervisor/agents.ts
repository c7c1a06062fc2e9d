import type { AgentReport, AgentSpec } from '../../core/protocol/sync.ts';
import { openAgentSlot, type AgentSlot, type SlotEnd, type SlotOptions } from './agent-slot.ts';

/** The agents of this container. */
export interface Agents {
  /**
   * Makes what runs equal to what should: starts new attempts, ends what is not wanted any more.
   * @param reported the report that `specs` answer
   */
  reconcile(specs: readonly AgentSpec[], reported: readonly AgentReport[]): void;
  reports(): AgentReport[];
  /** Ends all. */
  stop(how: SlotEnd): Promise<void>;
}

export function createAgents(options: SlotOptions): Agents {
  const slots = new Map<string, AgentSlot>();
  /** What an agent's last attempt still does; the next one waits for it. */
  const ending = new Map<string, Promise<void>>();
  /** By agent: the attempt whose session last had a turn here. */
  const heard = new Map<string, number>();

  const end = (slot: AgentSlot, how: SlotEnd): Promise<void> => {
    slots.delete(slot.agentId);
    if (slot.hadTurn()) heard.set(slot.agentId, slot.attempt);
    const ended = slot.stop(how).finally(() => {
      if (ending.get(slot.agentId) === ended) ending.delete(slot.agentId);
      options.onChange();
    });
    ending.set(slot.agentId, ended);
    return ended;
  };

  /** Another attempt in the same container: the session before broke, or was reset. The same one was only stopped for a while. */
  const startsFresh = ({ agentId, attempt }: AgentSpec): boolean => {
    const before = heard.get(agentId);
    return before !== undefined && before !== attempt;
  };

  return {
    reconcile(specs, reported) {
      for (const slot of slots.values()) {
        const isWanted = specs.some((spec) => isOf(slot, spec));
        if (isWanted) continue;
        // What ended by itself may have left work that it never pushed; the next session goes on with it.
        const { state } = slot.report();
        void end(slot, state === 'exited' || state === 'failed' ? 'save' : 'keep');
      }
      for (const spec of specs) {
        const slot = slots.get(spec.agentId);
        if (slot !== undefined) slot.update(spec);
        else if (ending.has(spec.agentId)) continue;
        // It ended while the answer was on its way, which leaves out the long texts of what runs: the next one has them.
        else if (reported.some((report) => isOf(report, spec))) options.onChange();
        else slots.set(spec.agentId, openAgentSlot(spec, options, { startsFresh: startsFresh(spec) }));
      }
    },
    reports: () => [...slots.values()].map((slot) => slot.report()),
    async stop(how) {
      await Promise.all([...slots.values()].map((slot) => end(slot, how)));
      await Promise.all(ending.values());
    },
  };
}

function isOf(one: Pick<AgentSpec, 'agentId' | 'attempt'>, spec: AgentSpec): boolean {
  return one.agentId === spec.agentId && one.attempt === spec.attempt;
}
