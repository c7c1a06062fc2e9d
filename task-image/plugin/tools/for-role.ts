import type { AgentRole } from '../../../core/protocol/sync.ts';
import type { KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';
import { gtBeadStatus } from './gt-bead-status.ts';
import { gtCheckpoint } from './gt-checkpoint.ts';
import { gtDone } from './gt-done.ts';
import { gtEscalate } from './gt-escalate.ts';
import { gtMailCheck } from './gt-mail-check.ts';
import { gtMailSend } from './gt-mail-send.ts';
import { gtMolAdvance } from './gt-mol-advance.ts';
import { gtMolCurrent } from './gt-mol-current.ts';
import { gtNudge } from './gt-nudge.ts';
import { gtPrChecks } from './gt-pr-checks.ts';
import { gtPrLogs } from './gt-pr-logs.ts';
import { gtPrReply } from './gt-pr-reply.ts';
import { gtPrResolve } from './gt-pr-resolve.ts';
import { gtPrThreads } from './gt-pr-threads.ts';
import { gtPrime } from './gt-prime.ts';
import { gtStatus } from './gt-status.ts';
import { gtTriageResolve } from './gt-triage-resolve.ts';
import { gtVerdict } from './gt-verdict.ts';
import { gtMayorTools } from './mayor-tools.ts';

/** A role sees only the tools that it may use. The town refuses the others anyway. */
export function toolsForRole(role: AgentRole, town: TownClient): Record<string, KiloTool> {
  const common = { gt_prime: gtPrime(town), gt_bead_status: gtBeadStatus(town) };
  const ofRig = {
    gt_escalate: gtEscalate(town),
    gt_mail_send: gtMailSend(town),
    gt_mail_check: gtMailCheck(town),
    gt_status: gtStatus(town),
    gt_nudge: gtNudge(town),
  };
  /** Of the forge, where agents hold no credential. */
  const ofPullRequest = {
    gt_pr_threads: gtPrThreads(town),
    gt_pr_checks: gtPrChecks(town),
    gt_pr_logs: gtPrLogs(town),
  };
  switch (role) {
    case 'polecat':
      return {
        ...common,
        gt_done: gtDone(town),
        gt_checkpoint: gtCheckpoint(town),
        gt_mol_current: gtMolCurrent(town),
        gt_mol_advance: gtMolAdvance(town),
        ...ofPullRequest,
        gt_pr_reply: gtPrReply(town),
        gt_pr_resolve: gtPrResolve(town),
        ...ofRig,
      };
    case 'refinery':
      return { ...common, gt_verdict: gtVerdict(town), ...ofPullRequest, ...ofRig };
    case 'triage':
      return { ...common, gt_triage_resolve: gtTriageResolve(town), ...ofRig };
    case 'mayor':
      return { ...common, ...gtMayorTools(town) };
  }
}
