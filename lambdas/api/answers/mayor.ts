import * as z from 'zod';
import { chatEntry, type ChatEntry } from '../../../core/town/history.ts';
import { ensureDecisions } from '../mayor/ensure.ts';
import { sessionStatuses } from '../mayor/session.ts';
import { EXAMPLE_IDS } from './shared.ts';
import { iso, time } from './times.ts';

const sessionStatus = z
  .enum(sessionStatuses)
  .meta({ description: 'active: it can be talked to now; starting: soon; idle: it has no session' });

export const ensuredMayor = z
  .strictObject({ agentId: z.string(), sessionStatus, decision: z.enum(ensureDecisions) })
  .meta({ id: 'EnsuredMayor', description: 'Enough to show the mayor without another call' });

export const ensuredMayorExample: z.infer<typeof ensuredMayor> = {
  agentId: EXAMPLE_IDS.agent,
  sessionStatus: 'starting',
  decision: 'fresh_dispatch',
};

export const messageTaken = z.strictObject({ messageId: z.string() }).meta({ id: 'MessageTaken' });
export const messageTakenExample: z.infer<typeof messageTaken> = { messageId: EXAMPLE_IDS.bead };

const chatMessage = z
  .strictObject({
    id: z.string(),
    from: chatEntry.shape.from,
    by: z.string().optional().meta({ description: 'The user, for a message of one' }),
    text: z.string(),
    at: time,
    unanswered: z.boolean().meta({ description: 'The mayor has not finished its turn on it' }),
  })
  .meta({ id: 'ChatMessage' });

export const presentMessage = (
  { id, from, by, text, at }: ChatEntry,
  isUnanswered: boolean,
): z.infer<typeof chatMessage> => ({ id, from, by, text, at: iso(at), unanswered: isUnanswered });

export const mayor = z
  .strictObject({
    session: z
      .strictObject({
        agentId: z.string(),
        status: sessionStatus,
        lastActiveAt: time.nullable(),
        problem: z.string().nullable().meta({ description: 'Why its last session broke' }),
      })
      .nullable()
      .meta({ description: 'null before somebody first asked for the mayor' }),
    unanswered: z.number().int().meta({ description: 'Messages that wait for an answer' }),
    items: z.array(chatMessage).meta({ description: 'The chat, newest last' }),
    nextCursor: z.string().nullable().meta({ description: 'Leads to what was said before' }),
  })
  .meta({ id: 'Mayor' });

export const mayorExample: z.infer<typeof mayor> = {
  session: {
    agentId: EXAMPLE_IDS.agent,
    status: 'active',
    lastActiveAt: '2026-01-05T09:30:00.000Z',
    problem: null,
  },
  unanswered: 0,
  items: [
    {
      id: EXAMPLE_IDS.bead,
      from: 'user',
      by: 'alice',
      text: 'Show totals in the cart.',
      at: '2026-01-05T09:29:00.000Z',
      unanswered: false,
    },
    {
      id: EXAMPLE_IDS.convoy,
      from: 'mayor',
      text: 'I made a convoy of two beads: compute the total, then show it.',
      at: '2026-01-05T09:30:00.000Z',
      unanswered: false,
    },
  ],
  nextCursor: null,
};
