/** Paths that others begin with. */
export const TOWNS = '/v1/towns';
export const TOWN = '/v1/towns/{townId}';
export const BEAD = '/v1/towns/{townId}/beads/{beadId}';
export const CONVOY = '/v1/towns/{townId}/convoys/{convoyId}';
export const RIG = '/v1/towns/{townId}/rigs/{rigId}';
export const AGENT = '/v1/towns/{townId}/agents/{agentId}';
export const INTEGRATIONS = '/v1/integrations';
export const MAYOR = '/v1/towns/{townId}/mayor';
