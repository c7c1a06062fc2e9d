import { escalationOpen } from '../../../../core/rules/escalation-open.ts';
import { escalation, T0 } from '../town-builder.ts';
import { rows } from './rows.ts';

const one = { escalations: [escalation('e', { severity: 'critical', title: 'No access' })] };
const waits = ['escalation e: needs_attention on acknowledgement'];

rows(escalationOpen, T0, [
  { situation: 'a person has to look', town: one, waits, reason: '(critical): No access', dueAfterMs: null },
  {
    situation: 'in a paused town, too',
    town: { ...one, head: { lifecycle: 'paused' } },
    waits,
    reason: 'No access',
  },
  { situation: 'nobody asks for help', town: {}, waits: [] },
]);
