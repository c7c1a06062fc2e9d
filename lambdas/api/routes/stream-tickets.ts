import * as z from 'zod';
import { InvalidInput } from '../../../core/errors.ts';
import { minutes } from '../../../core/town/instant.ts';
import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { iso, time } from '../answers/times.ts';
import type { ApiDeps } from '../context.ts';
import { createStreamTicket, createStreamTicketExample } from '../inputs/stream-tickets.ts';
import { anyRecord } from '../statements.ts';
import { TOWN } from './paths.ts';

const ticket = z
  .strictObject({
    url: z.string().meta({ description: 'Connect here as it stands: the ticket is in it' }),
    ticket: z.string(),
    expiresAt: time,
  })
  .meta({ id: 'StreamTicket', description: 'For one WebSocket connection within 60 seconds' });

/** As long as API Gateway keeps a connection (2 h), and the minute in which the ticket may be used. */
const WATCH_MS = minutes(121);

/** How browsers get onto the WebSocket API, which takes no header of theirs. */
export const streamTicketRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'createStreamTicket',
    method: 'POST',
    path: `${TOWN}/stream-tickets`,
    auth: 'user',
    tag: 'towns',
    summary: 'Get a ticket for one WebSocket connection to a topic',
    body: createStreamTicket,
    bodyExample: createStreamTicketExample,
    answer: {
      status: 201,
      schema: ticket,
      example: {
        url: 'wss://sockets.example.com/live?ticket=WfA2v0m8mJwqz1c3H5t7Y9b1d3f5h7j9l1n3p5r7t9v',
        ticket: 'WfA2v0m8mJwqz1c3H5t7Y9b1d3f5h7j9l1n3p5r7t9v',
        expiresAt: '2026-01-05T09:31:00.000Z',
      },
    },
    run: async (request) => {
      const { topic, agentId } = request.body;
      const town = await requestedTown(deps.store, request);
      if (topic !== 'town') {
        if (agentId === undefined) {
          throw new InvalidInput(`The topic \`${topic}\` is of one agent: name it.`, [
            { path: 'agentId', message: 'required for this topic' },
          ]);
        }
        await anyRecord(deps, town, 'agent', agentId);
      }
      const grant = { userId: userOf(request.event).id, townId: town.head.id, topic };
      const issued = await deps.tickets.issueTicket(topic === 'town' ? grant : { ...grant, agentId });
      await deps.store.watch(town.head.id, request.at + WATCH_MS);
      const url = new URL(deps.socketUrl());
      url.searchParams.set('ticket', issued.ticket);
      return { url: url.href, ticket: issued.ticket, expiresAt: iso(issued.expiresAt) };
    },
  }),
];
