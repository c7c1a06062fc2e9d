import type { TokenSigner } from '../../core/ports.ts';
import type { StreamTickets } from '../adapters/dynamodb/tickets.ts';
import { authorize } from './authorize.ts';

/** The part of a WebSocket API's `$connect` request that is used. Header names are as the client wrote them. */
export interface ConnectRequest {
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null | undefined;
}

/** Flat, and as text: API Gateway takes no other context of a WebSocket authorizer, and repeats it at every event. */
export type ConnectContext = Readonly<Record<string, string>>;

export interface ConnectDeps {
  readonly tokens: TokenSigner;
  readonly tickets: Pick<StreamTickets, 'redeemTicket'>;
}

/**
 * Who may open a socket: a container by its token, a browser by a ticket (`?ticket=`), which is used up by this. A token that is
 * sent is the one that counts. Undefined: refused, without saying why. Throws when it cannot be told.
 */
export async function authorizeConnect(
  { tokens, tickets }: ConnectDeps,
  { headers, queryStringParameters }: ConnectRequest,
): Promise<ConnectContext | undefined> {
  const header = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  if (header !== undefined) return textOf(await authorize(tokens, 'container', header));
  const ticket = queryStringParameters?.['ticket'];
  return ticket === undefined ? undefined : textOf(await tickets.redeemTicket(ticket));
}

function textOf(claims: Readonly<Record<string, unknown>> | undefined): ConnectContext | undefined {
  if (claims === undefined) return undefined;
  const members = Object.entries(claims).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([name, value]) => [name, String(value)]));
}
