import type { AgentRole } from '../../../core/protocol/sync.ts';
import type { KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';
import { gtBeadStatus } from './gt-bead-status.ts';
import { gtDone } from './gt-done.ts';
import { gtEscalate } from './gt-escalate.ts';
import { gtPrime } from './gt-prime.ts';
import { gtVerdict } from './gt-verdict.ts';
import { gtMayorTools } from './mayor-tools.ts';

/** A role sees only the tools that it may use. The town refuses the others anyway. */
export function toolsForRole(role: AgentRole, town: TownClient): Record<string, KiloTool> {
  const common = { gt_prime: gtPrime(town), gt_bead_status: gtBeadStatus(town) };
  switch (role) {
    case 'polecat':
      return { ...common, gt_done: gtDone(town), gt_escalate: gtEscalate(town) };
    case 'refinery':
      return { ...common, gt_verdict: gtVerdict(town), gt_escalate: gtEscalate(town) };
    case 'mayor':
      return { ...common, ...gtMayorTools(town) };
  }
}
