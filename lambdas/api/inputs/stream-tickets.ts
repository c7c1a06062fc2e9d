import * as z from 'zod';
import { id } from './fields.ts';

export const createStreamTicket = z
  .strictObject({
    topic: z.enum(['town', 'agent', 'terminal']),
    agentId: id.optional().meta({ description: 'Required for the topics `agent` and `terminal`' }),
  })
  .meta({ id: 'CreateStreamTicket' });

export const createStreamTicketExample: z.input<typeof createStreamTicket> = { topic: 'town' };
