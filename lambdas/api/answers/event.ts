import * as z from 'zod';
import type { LogEntry } from '../../../core/ports.ts';
import { actorOf, actors } from '../actor.ts';
import { EXAMPLE_IDS } from './shared.ts';
import { iso, time } from './times.ts';

export const event = z
  .strictObject({
    id: z.string(),
    at: time,
    // The log may speak of kinds that newer code knows, so this is no enumeration.
    subject: z.strictObject({ kind: z.string(), id: z.string() }),
    from: z.string().optional(),
    to: z.string().optional(),
    rule: z.string().meta({ description: 'Who decided: a rule, or the fact or request that was applied' }),
    reason: z.string(),
    decisionId: z.string(),
    actor: z.enum(actors),
  })
  .meta({ id: 'Event', description: 'One decision of the town' });

export const presentEvent = (
  at: LogEntry['at'],
  decision: LogEntry['decisions'][number],
): z.infer<typeof event> => {
  const { id, subject, from, to, rule, reason } = decision;
  return {
    id,
    at: iso(at),
    subject: { kind: subject.kind, id: subject.id },
    from,
    to,
    rule,
    reason,
    decisionId: id,
    actor: actorOf(rule),
  };
};

export const eventExample: z.infer<typeof event> = {
  id: '42-0',
  at: '2026-01-05T09:30:00.000Z',
  subject: { kind: 'bead', id: EXAMPLE_IDS.bead },
  from: 'open',
  to: 'in_progress',
  rule: 'bead/dispatch',
  reason: 'nothing blocks it and Toast is free',
  decisionId: '42-0',
  actor: 'town',
};
