import * as z from 'zod';
import type { Explanation } from '../../../core/explain.ts';
import { EXAMPLE_IDS } from './shared.ts';
import { iso, isoOrNull, time } from './times.ts';

const kind = z.enum([
  'bead',
  'convoy',
  'mergeRequest',
  'agent',
  'container',
  'effect',
  'town',
  'rig',
  'escalation',
  'triageRequest',
]);

export const explanation = z
  .strictObject({
    subject: z.strictObject({ kind, id: z.string(), title: z.string() }),
    state: z.enum(['progressing', 'queued', 'waiting', 'needs_attention']),
    waitingOn: z.string().meta({ description: 'What has to happen, in a few words' }),
    rule: z.string(),
    reason: z.string(),
    since: time,
    until: time
      .nullable()
      .meta({ description: 'When the town looks again by itself; null: when something happens' }),
    who: z.enum(['town', 'agent', 'human', 'platform']).meta({ description: 'Who has to act' }),
    position: z.number().int().optional().meta({ description: 'Place in the queue, from 1' }),
    heldBy: z
      .strictObject({ kind, id: z.string() })
      .optional()
      .meta({ description: 'What holds the place that this one waits for' }),
  })
  .meta({ id: 'Explanation', description: 'Why something is not moving this instant' });

/** All at once: what a town waits for is never long. */
export const explanations = z.strictObject({ items: z.array(explanation) }).meta({ id: 'Explanations' });

export const presentExplanation = (row: Explanation): z.infer<typeof explanation> => {
  const { subject, state, waitingOn, rule, reason, since, until, who, position, heldBy } = row;
  return {
    subject: { kind: subject.kind, id: subject.id, title: subject.title },
    state,
    waitingOn,
    rule,
    reason,
    since: iso(since),
    until: isoOrNull(until),
    who,
    position,
    heldBy: heldBy && { kind: heldBy.kind, id: heldBy.id },
  };
};

export const explanationExample: z.infer<typeof explanation> = {
  subject: { kind: 'bead', id: EXAMPLE_IDS.bead, title: 'Show the total in the cart' },
  state: 'waiting',
  waitingOn: 'dependencies',
  rule: 'bead/dispatch',
  reason: 'waits for 1 bead that is not closed yet',
  since: '2026-01-05T09:00:00.000Z',
  until: null,
  who: 'town',
};
