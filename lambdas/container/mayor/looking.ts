import { explain } from '../../../core/explain.ts';
import { NotFound } from '../../../core/errors.ts';
import { effectiveRigSettings, effectiveTownSettings } from '../../../core/town/config.ts';
import { hasEnded, type Bead } from '../../../core/town/bead.ts';
import type { Town } from '../../../core/town/town.ts';
import { townOf } from '../../api/access.ts';
import { isAskedFor } from '../../api/beads/filter.ts';
import { beadsOf } from '../../api/convoys/beads-of.ts';
import { allRecords } from '../../api/records.ts';
import { searchArchive } from '../../api/search-archive.ts';
import { anyRecord } from '../../api/statements.ts';
import { statusOf } from '../../api/status.ts';
import type { MayorCall, MayorOperation } from './call.ts';
import {
  agentRow,
  beadRow,
  convoyRow,
  escalationRow,
  MOST_ROWS,
  newest,
  rigRow,
  waitRow,
} from './present.ts';

const ownTown = ({ deps, caller, townId }: MayorCall): Promise<Town> => townOf(deps.store, caller, townId);

export const listRigs: MayorOperation<'gt_list_rigs'> = async (call) => {
  const { live } = await ownTown(call);
  return { items: [...live.rig.values()].map(rigRow) };
};

export const listBeads: MayorOperation<'gt_list_beads'> = async (call, filter) => {
  const town = await ownTown(call);
  const { rig_id: rigId, convoy_id: convoyId, status, label } = filter;
  const isWanted = (bead: Bead): boolean => isAskedFor(bead, { rigId, convoyId, status, label });
  if (status === undefined || !hasEnded(status))
    return newest([...town.live.bead.values()].filter(isWanted), beadRow);
  const { records, end } = await searchArchive(call.deps.store, call.townId, 'bead', {
    most: MOST_ROWS,
    isNewestFirst: true,
    isAskedFor: isWanted,
  });
  return newest(records, beadRow, end === undefined);
};

export const listAgents: MayorOperation<'gt_list_agents'> = async (call, { rig_id: rigId }) => {
  const { live } = await ownTown(call);
  const found = [...live.agent.values()].filter((agent) => rigId === undefined || agent.rigId === rigId);
  return newest(found, agentRow);
};

export const listConvoys: MayorOperation<'gt_list_convoys'> = async (call, { is_open: isOpen = false }) => {
  const town = await ownTown(call);
  const all = isOpen ? [...town.live.convoy.values()] : await allRecords(call.deps.store, town, 'convoy');
  return newest(all, convoyRow);
};

export const convoyStatus: MayorOperation<'gt_convoy_status'> = async (call, { convoy_id: convoyId }) => {
  const town = await ownTown(call);
  const convoy = await anyRecord(call.deps, town, 'convoy', convoyId);
  const beads = (await beadsOf(call.deps.store, town, convoy)).map(beadRow);
  const ids = new Set([convoy.id, ...convoy.beads.map(({ id }) => id)]);
  const waits = explain(town, call.deps.now()).filter(({ subject }) => ids.has(subject.id));
  return { convoy: convoyRow(convoy), beads, waits: waits.map(waitRow) };
};

export const townStatus: MayorOperation<'gt_status'> = async (call) => {
  const town = await ownTown(call);
  return {
    ...statusOf(town, call.deps.now()),
    escalations: [...town.live.escalation.values()].map(escalationRow),
  };
};

export const why: MayorOperation<'gt_why'> = async (call, { bead_id: beadId }) => {
  const rows = explain(await ownTown(call), call.deps.now());
  return { items: rows.filter(({ subject }) => beadId === undefined || subject.id === beadId).map(waitRow) };
};

/** Secrets are not among the settings: the town's record only says which ones are set. */
export const readConfig: MayorOperation<'gt_config_read'> = async (call, { rig_id: rigId }) => {
  const town = await ownTown(call);
  if (rigId === undefined) return { settings: effectiveTownSettings(town.config) };
  const rig = town.live.rig.get(rigId);
  if (rig === undefined) throw new NotFound(`There is no rig ${rigId}.`);
  return { settings: effectiveRigSettings(town.config, rig.config) };
};
