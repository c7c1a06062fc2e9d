import type * as z from 'zod';
import type { Bead } from '../../../core/town/bead.ts';
import type { beadsQuery } from '../queries.ts';

/** Does a bead pass every filter of a query? */
export const isAskedFor = (
  bead: Bead,
  { status, type, rigId, convoyId, agentId, label }: Partial<z.output<typeof beadsQuery>>,
): boolean =>
  (status === undefined || bead.status === status) &&
  (type === undefined || bead.type === type) &&
  (rigId === undefined || bead.rigId === rigId) &&
  (convoyId === undefined || bead.convoyId === convoyId) &&
  (agentId === undefined || bead.assigneeAgentId === agentId) &&
  (label === undefined || bead.labels.includes(label));
