import * as z from 'zod';
import { severity, type Escalation } from '../../../core/town/escalation.ts';
import { EXAMPLE_IDS } from './shared.ts';
import { isoOrNull, presentTimes, time, times, timesExample } from './times.ts';

export const escalation = z
  .strictObject({
    id: z.string(),
    state: z.enum(['open', 'acknowledged']),
    severity,
    title: z.string(),
    text: z.string().optional(),
    agentId: z.string().meta({ description: 'Who asks for help' }),
    beadId: z.string().nullable().meta({ description: 'What it worked on' }),
    rigId: z.string().nullable(),
    acknowledgedBy: z.string().nullable(),
    closedAt: time.nullable(),
    ...times,
  })
  .meta({ id: 'Escalation', description: 'Something that an agent cannot solve and a person should see' });

export const presentEscalation = (record: Escalation): z.infer<typeof escalation> => ({
  id: record.id,
  state: record.closedAt === undefined ? 'open' : 'acknowledged',
  severity: record.severity,
  title: record.title,
  text: record.text,
  agentId: record.agentId,
  beadId: record.beadId ?? null,
  rigId: record.rigId ?? null,
  acknowledgedBy: record.acknowledgedBy ?? null,
  closedAt: isoOrNull(record.closedAt),
  ...presentTimes(record),
});

export const escalationExample: z.infer<typeof escalation> = {
  id: '019b8d44-1d20-7c55-8a3f-7e1b2d90aa08',
  state: 'open',
  severity: 'high',
  title: 'The test database cannot be reached',
  text: 'npm test fails with ECONNREFUSED on port 5432, also on main.',
  agentId: EXAMPLE_IDS.agent,
  beadId: EXAMPLE_IDS.bead,
  rigId: EXAMPLE_IDS.rig,
  acknowledgedBy: null,
  closedAt: null,
  ...timesExample,
};
