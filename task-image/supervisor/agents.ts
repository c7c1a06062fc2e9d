import type { AgentReport, AgentSpec } from '../../core/protocol/sync.ts';
import { openAgentSlot, type AgentSlot, type SlotOptions } from './agent-slot.ts';

/** The agents of this container. */
export interface Agents {
  /** Makes what runs equal to what should: starts new attempts, ends what is not wanted any more. */
  reconcile(specs: readonly AgentSpec[]): void;
  reports(): AgentReport[];
  /** Ends all; with `isSaving`, uncommitted work is committed and backed up first. */
  stop(isSaving: boolean): Promise<void>;
}

export function createAgents(options: SlotOptions): Agents {
  const slots = new Map<string, AgentSlot>();
  /** What an agent's last attempt still does; the next one waits for it. */
  const ending = new Map<string, Promise<void>>();

  const end = (slot: AgentSlot, isSaving: boolean): Promise<void> => {
    slots.delete(slot.agentId);
    const ended = slot.stop(isSaving).finally(() => {
      if (ending.get(slot.agentId) === ended) ending.delete(slot.agentId);
      options.onChange();
    });
    ending.set(slot.agentId, ended);
    return ended;
  };

  return {
    reconcile(specs) {
      for (const slot of slots.values()) {
        const isWanted = specs.some((spec) => spec.agentId === slot.agentId && spec.attempt === slot.attempt);
        if (!isWanted) void end(slot, false);
      }
      for (const spec of specs) {
        const slot = slots.get(spec.agentId);
        if (slot !== undefined) slot.update(spec);
        else if (!ending.has(spec.agentId)) slots.set(spec.agentId, openAgentSlot(spec, options));
      }
    },
    reports: () => [...slots.values()].map((slot) => slot.report()),
    async stop(isSaving) {
      await Promise.all([...slots.values()].map((slot) => end(slot, isSaving)));
      await Promise.all(ending.values());
    },
  };
}
