import { Unauthorized } from '../../core/errors.ts';
import type { TokenSigner } from '../../core/ports.ts';
import type { RouteAuth } from '../http/route.ts';
import { bearerOf } from './bearer.ts';

/** Claims for the request's context; undefined: refused, without saying why. */
export type Authorization = Readonly<Record<string, unknown>> | undefined;

/**
 * Verifies the token of a container or agent. It says only what the token says: that the epoch and attempt are current is
 * checked again where something is written. Throws when it cannot be told whether the token is valid.
 */
export async function authorize(
  tokens: TokenSigner,
  auth: Extract<RouteAuth, 'container' | 'agent'>,
  header: string | undefined,
): Promise<Authorization> {
  const token = bearerOf(header);
  if (token === undefined) return undefined;
  try {
    const { kind, claims } = await tokens.verify(token);
    return kind === auth ? { ...claims } : undefined;
  } catch (error) {
    if (error instanceof Unauthorized) return undefined;
    throw error;
  }
}
