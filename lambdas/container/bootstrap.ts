import { calculateJwkThumbprint, importJWK } from 'jose';
import { InvalidInput, Superseded, Unauthorized } from '../../core/errors.ts';
import type { Now, TokenSigner, TownStore } from '../../core/ports.ts';
import type { BootstrapAnswer, BootstrapRequest } from '../../core/protocol/sync.ts';
import { currentContainer } from './sync.ts';

export interface BootstrapDeps {
  readonly store: Pick<TownStore, 'container' | 'observe'>;
  readonly tokens: TokenSigner;
  readonly now: Now;
  readonly socketUrl: string | null;
}

/** Longest life of a bootstrap token after its task was asked for (design decision 9). */
const LIFE_MS = 30 * 60_000;

/**
 * Trades the bootstrap token, which is a MAC over town and epoch, for a container token. The first use binds it to the
 * supervisor's key; it dies with the first sync, or 30 minutes after the start was asked for.
 */
export async function bootstrap(
  { store, tokens, now, socketUrl }: BootstrapDeps,
  { bootstrapToken, publicKey }: BootstrapRequest,
): Promise<BootstrapAnswer> {
  const claims = await tokens.verifyBootstrapToken(bootstrapToken);
  const stored = await store.container(claims.townId);
  const container = currentContainer(stored?.container, claims, claims.epoch);
  if (now() > (container.startedAt ?? 0) + LIFE_MS)
    throw new Unauthorized('The bootstrap token has expired.');
  const keyThumbprint = await thumbprintOf(publicKey);
  const observed = stored?.observed?.epoch === claims.epoch ? stored.observed : undefined;
  if (observed === undefined) {
    const first = { epoch: claims.epoch, sequence: 0, syncedAt: now(), keyThumbprint };
    const isFirst = await store.observe(claims.townId, { ...first, phase: 'running', agents: [], jobs: [] });
    // The same request may have come twice, or its first write had no answer: then the key is the same.
    const winner = isFirst ? undefined : (await store.container(claims.townId))?.observed;
    const isOurs = winner?.epoch === claims.epoch && winner.keyThumbprint === keyThumbprint;
    if (!isFirst && !isOurs) throw new Superseded('Another supervisor has started for this epoch.');
  } else if (observed.sequence > 0 || observed.keyThumbprint !== keyThumbprint) {
    throw new Unauthorized('The bootstrap token has been used.');
  }
  return { containerToken: await tokens.containerToken(claims), socketUrl };
}

async function thumbprintOf({ kty, crv, x, y }: BootstrapRequest['publicKey']): Promise<string> {
  const jwk = { kty, crv, x, y };
  try {
    await importJWK(jwk, 'ES256');
  } catch {
    const issues = [{ path: 'publicKey', message: 'not a point of P-256' }];
    throw new InvalidInput('The public key cannot be used; see `issues`.', issues);
  }
  return calculateJwkThumbprint(jwk);
}
