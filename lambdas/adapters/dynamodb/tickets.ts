import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Now } from '../../../core/ports.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { createSingleUse } from './single-use.ts';
import type { TownTableOptions } from './town-table.ts';

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

export function createStreamTickets(options: TownTableOptions, now: Now): StreamTickets {
  const grants = createSingleUse(options, now, { name: 'ticket', lifeMs: LIFE_MS, schema: streamGrant });
  return {
    async issueTicket(grant) {
      const ticket = randomBytes(32).toString('base64url');
      return { ticket, expiresAt: await grants.keep(ticket, grant) };
    },
    redeemTicket: async (ticket) => (TICKET.test(ticket) ? grants.take(ticket) : undefined),
  };
}
