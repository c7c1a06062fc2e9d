import type { Route } from '../http/route.ts';
import type { ApiDeps } from './context.ts';
import { agentActRoutes } from './routes/agent-acts.ts';
import { agentRoutes } from './routes/agents.ts';
import { beadActRoutes } from './routes/bead-acts.ts';
import { beadEditRoutes } from './routes/bead-edits.ts';
import { beadRoutes } from './routes/beads.ts';
import { configRoutes } from './routes/config.ts';
import { convoyActRoutes } from './routes/convoy-acts.ts';
import { costRoutes } from './routes/costs.ts';
import { deleteTownRoutes } from './routes/delete-town.ts';
import { convoyRoutes } from './routes/convoys.ts';
import { escalationRoutes } from './routes/escalations.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/exports.ts';
import { integrationRoutes } from './routes/integrations.ts';
import { lifecycleRoutes } from './routes/lifecycle.ts';
import { mayorRoutes } from './routes/mayor.ts';
import { mergeQueueRoutes } from './routes/merge-queue.ts';
import { metaRoutes } from './routes/meta.ts';
import { rigActRoutes } from './routes/rig-acts.ts';
import { rigRoutes } from './routes/rigs.ts';
import { ruleRoutes } from './routes/rules.ts';
import { statusRoutes } from './routes/status.ts';
import { streamTicketRoutes } from './routes/stream-tickets.ts';
import { townRoutes } from './routes/towns.ts';

/** The routes of users (the HTTP contract lists all that there will be). */
export function apiRoutes(deps: ApiDeps): Route[] {
  const routes = [
    townRoutes,
    deleteTownRoutes,
    exportRoutes,
    statusRoutes,
    lifecycleRoutes,
    ruleRoutes,
    configRoutes,
    eventRoutes,
    costRoutes,
    rigRoutes,
    rigActRoutes,
    beadRoutes,
    beadEditRoutes,
    beadActRoutes,
    convoyRoutes,
    convoyActRoutes,
    mergeQueueRoutes,
    agentRoutes,
    agentActRoutes,
    escalationRoutes,
    mayorRoutes,
    streamTicketRoutes,
    integrationRoutes,
  ].flatMap((routesOf) => routesOf(deps));
  routes.push(...metaRoutes(deps, routes));
  return routes;
}
