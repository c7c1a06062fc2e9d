import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Now } from '../../../core/ports.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { parseStored, toItem } from './items.ts';
import type { Key } from './keys.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';
import { ABSENT, PRESENT } from './writes.ts';

const TOPICS = ['town', 'agent', 'terminal'] as const;
export type Topic = (typeof TOPICS)[number];

/** What one connection may listen to, and who listens. `agentId` for the topics `agent` and `terminal`. */
export const streamGrant = z.object({
  userId: z.string().min(1),
  townId: z.string().min(1),
  topic: z.enum(TOPICS),
  agentId: z.string().min(1).optional(),
});
export type StreamGrant = z.infer<typeof streamGrant>;

export interface StreamTickets {
  /** A ticket for one connection: 60 s, used once. Whether the user may is the caller's to know. @throws Unavailable */
  issueTicket(grant: StreamGrant): Promise<{ ticket: string; expiresAt: Instant }>;
  /** What the ticket was for; undefined: never given, used, or too late. @throws Unavailable */
  redeemTicket(ticket: string): Promise<StreamGrant | undefined>;
}

const LIFE_MS = 60_000;
/** 32 random bytes. */
const TICKET = /^[\w-]{43}$/;

const stored = streamGrant.extend({ validUntil: z.number() });

/** The ticket itself is not kept: whoever reads the table learns none. */
const keyOf = (ticket: string): Key => ({
  pk: `TICKET#${createHash('sha256').update(ticket).digest('hex')}`,
  sk: 'TICKET',
});

export function createStreamTickets(options: TownTableOptions, now: Now): StreamTickets {
  const table = new TownTable(options);
  return {
    async issueTicket(grant) {
      const ticket = randomBytes(32).toString('base64url');
      const validUntil = now() + LIFE_MS;
      const times = { validUntil, expiresAt: Math.ceil(validUntil / 1000) };
      const item = { ...toItem({ ...grant, ...times }), ...keyOf(ticket) };
      await table.write('ticket', { op: 'put', item, condition: ABSENT });
      return { ticket, expiresAt: validUntil };
    },
    async redeemTicket(ticket) {
      if (!TICKET.test(ticket)) return undefined;
      const key = keyOf(ticket);
      const item = await table.get('ticket', key);
      if (item === undefined) return undefined;
      const { validUntil, ...grant } = parseStored(stored, item);
      // Of two that come with it, one deletes it.
      const isMine = await table.write('ticket', { op: 'delete', key, condition: PRESENT });
      return isMine && now() < validUntil ? streamGrant.parse(grant) : undefined;
    },
  };
}
