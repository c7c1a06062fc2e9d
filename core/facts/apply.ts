import type { Step } from '../step.ts';
import { applyAgentAdvanced } from './agent-advanced.ts';
import { applyAgentCheckpointed } from './agent-checkpointed.ts';
import { applyAgentDone } from './agent-done.ts';
import { applyAgentEscalated } from './agent-escalated.ts';
import { applyAgentMailRead } from './agent-mail-read.ts';
import { applyAgentMailed } from './agent-mailed.ts';
import { applyAgentNudged } from './agent-nudged.ts';
import { applyAgentReset } from './agent-reset.ts';
import { applyAgentStatusSet } from './agent-status-set.ts';
import { applyAgentStopped } from './agent-stopped.ts';
import { applyAgentVerdict } from './agent-verdict.ts';
import { applyBeadCancelled } from './bead-cancelled.ts';
import { applyBeadDeleted } from './bead-deleted.ts';
import { applyBeadReopened } from './bead-reopened.ts';
import { applyBeadStarted } from './bead-started.ts';
import { applyConvoyBeadAdded } from './convoy-bead-added.ts';
import { applyConvoyBeadRemoved } from './convoy-bead-removed.ts';
import { applyConvoyClosed } from './convoy-closed.ts';
import { applyConvoyRetried } from './convoy-retried.ts';
import { applyConvoyStarted } from './convoy-started.ts';
import { applyEffectResult } from './effect-result.ts';
import { applyEscalationAcknowledged } from './escalation-acknowledged.ts';
import { applyExportRequested } from './export-requested.ts';
import type { ApplyFact, FactOutcome, StatementOf } from './fact.ts';
import { applyForgeHeard } from './forge-heard.ts';
import type { InboxStatement } from './inbox.ts';
import { applyMayorEnsured } from './mayor-ensured.ts';
import { applyMayorMessage } from './mayor-message.ts';
import type { MessageFact } from './message.ts';
import { applyRigRemoved } from './rig-removed.ts';
import { applyRuleResumed } from './rule-resumed.ts';
import { applyTaskStopped } from './task-stopped.ts';
import { applyTriageResolved } from './triage-resolved.ts';

const STATEMENTS: { readonly [T in InboxStatement['type']]: ApplyFact<StatementOf<InboxStatement, T>> } = {
  agent_advanced: applyAgentAdvanced,
  agent_checkpointed: applyAgentCheckpointed,
  agent_done: applyAgentDone,
  agent_escalated: applyAgentEscalated,
  agent_mail_read: applyAgentMailRead,
  agent_mailed: applyAgentMailed,
  agent_nudged: applyAgentNudged,
  agent_reset: applyAgentReset,
  agent_status_set: applyAgentStatusSet,
  agent_stopped: applyAgentStopped,
  agent_verdict: applyAgentVerdict,
  bead_cancelled: applyBeadCancelled,
  bead_deleted: applyBeadDeleted,
  bead_reopened: applyBeadReopened,
  bead_started: applyBeadStarted,
  convoy_bead_added: applyConvoyBeadAdded,
  convoy_bead_removed: applyConvoyBeadRemoved,
  convoy_closed: applyConvoyClosed,
  convoy_retried: applyConvoyRetried,
  convoy_started: applyConvoyStarted,
  escalation_acknowledged: applyEscalationAcknowledged,
  export_requested: applyExportRequested,
  mayor_ensured: applyMayorEnsured,
  mayor_message: applyMayorMessage,
  rig_removed: applyRigRemoved,
  rule_resumed: applyRuleResumed,
  triage_resolved: applyTriageResolved,
};

export function applyStatement(step: Step, statement: InboxStatement): FactOutcome {
  // The pairing of type and function is checked by the table's own type.
  return (STATEMENTS[statement.type] as ApplyFact<InboxStatement>)(step, statement);
}

export function applyMessageFact(step: Step, fact: MessageFact): FactOutcome {
  switch (fact.type) {
    case 'effect_result':
      return applyEffectResult(step, fact);
    case 'forge_heard':
      return applyForgeHeard(step, fact);
    case 'task_stopped':
      return applyTaskStopped(step, fact);
    case 'container_synced':
      // What it announces stands in the observed state, which every step applies.
      return 'applied';
  }
}
