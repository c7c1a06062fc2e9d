import type { Step } from '../step.ts';
import { applyAgentDone } from './agent-done.ts';
import { applyAgentVerdict } from './agent-verdict.ts';
import { applyBeadCancelled } from './bead-cancelled.ts';
import { applyBeadStarted } from './bead-started.ts';
import { applyConvoyStarted } from './convoy-started.ts';
import { applyEffectResult } from './effect-result.ts';
import type { FactOutcome } from './fact.ts';
import type { InboxStatement } from './inbox.ts';
import type { MessageFact } from './message.ts';
import { applyTaskStopped } from './task-stopped.ts';

export function applyStatement(step: Step, statement: InboxStatement): FactOutcome {
  switch (statement.type) {
    case 'agent_done':
      return applyAgentDone(step, statement);
    case 'agent_verdict':
      return applyAgentVerdict(step, statement);
    case 'convoy_started':
      return applyConvoyStarted(step, statement);
    case 'bead_started':
      return applyBeadStarted(step, statement);
    case 'bead_cancelled':
      return applyBeadCancelled(step, statement);
  }
}

export function applyMessageFact(step: Step, fact: MessageFact): FactOutcome {
  switch (fact.type) {
    case 'effect_result':
      return applyEffectResult(step, fact);
    case 'task_stopped':
      return applyTaskStopped(step, fact);
    case 'container_synced':
      // What it announces stands in the observed state, which every step applies.
      return 'applied';
  }
}
