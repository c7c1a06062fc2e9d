import * as z from 'zod';
import { agentSchema, type Agent } from '../../../core/town/agent.ts';
import { EXAMPLE_IDS } from './shared.ts';
import { isoOrNull, presentTimes, time, times, timesExample } from './times.ts';

const { role, status, hook } = agentSchema.shape;

export const agent = z
  .strictObject({
    id: z.string(),
    role,
    name: z.string(),
    rigId: z.string().meta({ description: 'Empty for the mayor, who belongs to the whole town' }),
    status,
    hook: hook.unwrap().strict().nullable().meta({ description: 'What it works on' }),
    attempt: z.number().int().meta({ description: 'Sessions of this agent so far' }),
    dispatchedAt: time.nullable(),
    statusMessage: z.string().nullable().meta({ description: 'What it says it is doing' }),
    statusMessageAt: time.nullable(),
    ...times,
  })
  .meta({ id: 'Agent' });

export const presentAgent = (record: Agent): z.infer<typeof agent> => ({
  id: record.id,
  role: record.role,
  name: record.name,
  rigId: record.rigId,
  status: record.status,
  hook: record.hook ?? null,
  attempt: record.attempt,
  dispatchedAt: isoOrNull(record.dispatchedAt),
  statusMessage: record.statusMessage ?? null,
  statusMessageAt: record.statusMessage === undefined ? null : isoOrNull(record.statusMessageAt),
  ...presentTimes(record),
});

export const agentExample: z.infer<typeof agent> = {
  id: EXAMPLE_IDS.agent,
  role: 'polecat',
  name: 'Toast',
  rigId: EXAMPLE_IDS.rig,
  status: 'working',
  hook: { kind: 'bead', id: EXAMPLE_IDS.bead },
  attempt: 3,
  dispatchedAt: '2026-01-05T09:30:00.000Z',
  statusMessage: 'The total is computed; writing its tests.',
  statusMessageAt: '2026-01-05T09:34:00.000Z',
  ...timesExample,
};
