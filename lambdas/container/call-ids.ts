import { createIds } from '../../core/ids.ts';
import type { AgentClaims, Now } from '../../core/ports.ts';
import { CALL_KEY_HEADER, callKey } from '../../core/protocol/mayor-api.ts';
import type { HttpEvent, RouteContext } from '../http/route.ts';

/** Digits of a UUIDv7 that are its Unix time in milliseconds. */
const TIME_DIGITS = 12;
/** The clocks of functions and containers agree better than this. */
const MOST_SKEW_MS = 60_000;

/**
 * Ids for what an agent's call makes: the same for every try of the call, also by a later session of the agent, so that what an
 * earlier try has made is found again. A call without a key of ours makes new ones each time.
 */
export function callContext(
  event: HttpEvent,
  { townId, agentId }: AgentClaims,
  now: Now,
  fresh: RouteContext,
): RouteContext {
  const key = callKey.safeParse(event.headers?.[CALL_KEY_HEADER]);
  if (!key.success) return fresh;
  const at = now();
  const madeAt = Number.parseInt(key.data.replaceAll('-', '').slice(0, TIME_DIGITS), 16);
  // Ids sort by time: no agent places its records far ahead of all others.
  if (madeAt > at + MOST_SKEW_MS) return fresh;
  return { ids: createIds(`${townId} ${agentId} ${key.data}`, madeAt), at };
}
