import { acknowledgeEscalation } from '../../api/agents/acknowledge.ts';
import { nudgeAgent, resetAgent } from '../../api/agents/acts.ts';
import { cancelBead } from '../../api/beads/cancel.ts';
import { editBead } from '../../api/beads/edit.ts';
import { reopenBead } from '../../api/beads/reopen.ts';
import { startBead } from '../../api/beads/start.ts';
import { addConvoyBead, removeConvoyBead } from '../../api/convoys/beads.ts';
import { closeConvoy } from '../../api/convoys/close.ts';
import { startConvoy } from '../../api/convoys/start.ts';
import * as beadInputs from '../../api/inputs/beads.ts';
import { asTaken, type MayorOperation } from './call.ts';
import { agentRow, beadRow, convoyRow, escalationRow } from './present.ts';

/** What is stated is done by the town later: the answer is the record as it still stands. */
const LATER = 'The town does this in a moment; this is how it stood before.';

export const convoyStart: MayorOperation<'gt_convoy_start'> = async (
  { deps, caller, townId },
  { convoy_id: id },
) => ({ message: LATER, convoy: convoyRow(await startConvoy(deps, caller, townId, id)) });

export const convoyClose: MayorOperation<'gt_convoy_close'> = async (
  { deps, caller, townId },
  { convoy_id: id, reason },
) => ({ message: LATER, convoy: convoyRow(await closeConvoy(deps, caller, townId, id, reason)) });

export const convoyAddBead: MayorOperation<'gt_convoy_add_bead'> = async (
  { deps, caller, townId },
  { convoy_id: id, bead_id: beadId, depends_on: dependsOn = [] },
) => ({
  message: LATER,
  convoy: convoyRow(await addConvoyBead(deps, caller, townId, id, { beadId, dependsOn })),
});

export const convoyRemoveBead: MayorOperation<'gt_convoy_remove_bead'> = async (
  { deps, caller, townId },
  { convoy_id: id, bead_id: beadId },
) => ({ message: LATER, convoy: convoyRow(await removeConvoyBead(deps, caller, townId, id, beadId)) });

export const beadUpdate: MayorOperation<'gt_bead_update'> = async (
  { deps, caller, townId },
  { bead_id: id, depends_on: dependsOn, ...rest },
) => {
  const edit = asTaken(beadInputs.editBead, { ...rest, ...(dependsOn === undefined ? {} : { dependsOn }) });
  return { bead: beadRow(await editBead(deps, caller, townId, id, edit)) };
};

export const beadStart: MayorOperation<'gt_bead_start'> = async (
  { deps, caller, townId },
  { bead_id: id },
) => ({ message: LATER, bead: beadRow(await startBead(deps, caller, townId, id)) });

export const beadCancel: MayorOperation<'gt_bead_cancel'> = async (
  { deps, caller, townId },
  { bead_id: id, as, reason },
) => ({ message: LATER, bead: beadRow(await cancelBead(deps, caller, townId, id, { as, reason })) });

export const beadReopen: MayorOperation<'gt_bead_reopen'> = async (
  { deps, caller, townId },
  { bead_id: id },
) => ({ message: LATER, bead: beadRow(await reopenBead(deps, caller, townId, id)) });

export const agentReset: MayorOperation<'gt_agent_reset'> = async (
  { deps, caller, townId },
  { agent_id: id },
) => ({ message: LATER, agent: agentRow(await resetAgent(deps, caller, townId, id)) });

export const nudge: MayorOperation<'gt_nudge'> = async (
  { deps, caller, townId },
  { agent_id: id, message, mode = 'wait-idle' },
) => ({ message: LATER, agent: agentRow(await nudgeAgent(deps, caller, townId, id, { message, mode })) });

export const escalationAcknowledge: MayorOperation<'gt_escalation_acknowledge'> = async (
  { deps, caller, townId },
  { escalation_id: id },
) => ({ message: LATER, escalation: escalationRow(await acknowledgeEscalation(deps, caller, townId, id)) });
