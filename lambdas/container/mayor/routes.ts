import type * as z from 'zod';
import { mayorTools, type MayorToolInput, type MayorToolName } from '../../../core/protocol/mayor-api.ts';
import { mayorOf } from '../../api/caller.ts';
import type { TownDeps } from '../../api/context.ts';
import { agentOf } from '../../http/claims.ts';
import { defineInternalRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { callContext } from '../call-ids.ts';
import * as acting from './acting.ts';
import { mustBeMayor, type MayorOperation } from './call.ts';
import * as looking from './looking.ts';
import * as making from './making.ts';

const OPERATIONS: { readonly [Name in MayorToolName]: MayorOperation<Name> } = {
  gt_sling: making.sling,
  gt_sling_batch: making.slingBatch,
  gt_list_rigs: looking.listRigs,
  gt_list_beads: looking.listBeads,
  gt_list_agents: looking.listAgents,
  gt_list_convoys: looking.listConvoys,
  gt_convoy_status: looking.convoyStatus,
  gt_convoy_start: acting.convoyStart,
  gt_convoy_close: acting.convoyClose,
  gt_convoy_add_bead: acting.convoyAddBead,
  gt_convoy_remove_bead: acting.convoyRemoveBead,
  gt_bead_update: acting.beadUpdate,
  gt_bead_start: acting.beadStart,
  gt_bead_cancel: acting.beadCancel,
  gt_bead_reopen: acting.beadReopen,
  gt_agent_reset: acting.agentReset,
  gt_nudge: acting.nudge,
  gt_escalation_acknowledge: acting.escalationAcknowledge,
  gt_status: looking.townStatus,
  gt_why: looking.why,
  gt_config_read: looking.readConfig,
};

/** The mayor's tools: what people can do with a town, for the mayor of that town. */
export const mayorRoutes = (deps: TownDeps): Route[] =>
  (Object.keys(mayorTools) as MayorToolName[]).map((name) => toolRoute(deps, name));

function toolRoute<Name extends MayorToolName>(deps: TownDeps, name: Name): Route {
  const { path } = mayorTools[name];
  const body: z.ZodType = mayorTools[name].body;
  const operation = OPERATIONS[name] as MayorOperation<Name>;
  return defineInternalRoute({
    method: 'POST',
    path: `/v1/agent/mayor/${path}`,
    auth: 'agent',
    operationId: name,
    body,
    run: async ({ event, body: input, ids, at }) => {
      const claims = agentOf(event);
      await mustBeMayor(deps, claims);
      const { townId } = claims;
      const context = callContext(event, claims, deps.now, { ids, at });
      const call = { deps, caller: mayorOf(townId), townId, ...context };
      // The schema is the tool's own: the table pairs them by name.
      return { status: 200, body: await operation(call, input as MayorToolInput<Name>) };
    },
  });
}
