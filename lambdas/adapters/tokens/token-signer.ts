import { timingSafeEqual } from 'node:crypto';
import { base64url, importJWK, jwtVerify, type CryptoKey } from 'jose';
import * as z from 'zod';
import { Unauthorized } from '../../../core/errors.ts';
import type { ContainerClaims, Now, TokenSigner } from '../../../core/ports.ts';
import type { SigningKey } from './signing-key.ts';

/** Longest life of container and agent tokens (the HTTP contract). */
const LIFE_SECONDS = 3600;
const ISSUER = 'gastown';

const containerClaims = z.object({ townId: z.string(), epoch: z.number().int() });
const agentClaims = containerClaims.extend({
  agentId: z.string(),
  role: z.string(),
  attempt: z.number().int(),
  work: z.object({ kind: z.enum(['bead', 'mergeRequest', 'triageRequest', 'town']), id: z.string() }),
});

const encoder = new TextEncoder();

export function createTokenSigner(key: SigningKey, now: Now): TokenSigner {
  let publicKey: CryptoKey | Uint8Array | undefined;

  /** Kept once it is known. Not to know it says nothing about a token: that throws what `publicJwk` throws. */
  const publicKeyOf = async () => (publicKey ??= await importJWK(await key.publicJwk(), 'ES256'));

  const sign = async (audience: 'container' | 'agent', claims: object): Promise<string> => {
    const issuedAt = Math.floor(now() / 1000);
    const header = { alg: 'ES256', typ: 'JWT', kid: key.keyId };
    const payload = { ...claims, iss: ISSUER, aud: audience, iat: issuedAt, exp: issuedAt + LIFE_SECONDS };
    const signed = `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(payload))}`;
    return `${signed}.${base64url.encode(await key.sign(encoder.encode(signed)))}`;
  };
  const macOf = async ({ townId, epoch }: ContainerClaims): Promise<Uint8Array> =>
    key.mac(encoder.encode(`bootstrap ${townId} ${epoch}`));

  return {
    // A MAC, so that a RunTask that is sent again is the same to the byte.
    bootstrapToken: async (claims) =>
      `${claims.townId}.${claims.epoch}.${base64url.encode(await macOf(claims))}`,
    async verifyBootstrapToken(token) {
      const [townId = '', epochText = '', macText = ''] = token.split('.');
      const claims = { townId, epoch: Number(epochText) };
      const isWhole = townId !== '' && Number.isSafeInteger(claims.epoch) && claims.epoch > 0;
      const given = Buffer.from(macText, 'base64url');
      const expected = isWhole ? Buffer.from(await macOf(claims)) : Buffer.alloc(0);
      if (!isWhole || given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw new Unauthorized('This is no bootstrap token of this installation.');
      }
      return claims;
    },
    containerToken: ({ townId, epoch }) => sign('container', { townId, epoch }),
    agentToken: (claims) => sign('agent', claims),
    async verify(token) {
      const verifyingKey = await publicKeyOf();
      try {
        const { payload } = await jwtVerify(token, verifyingKey, {
          algorithms: ['ES256'],
          issuer: ISSUER,
          audience: ['container', 'agent'],
          currentDate: new Date(now()),
        });
        if (payload.aud === 'agent') return { kind: 'agent', claims: agentClaims.parse(payload) };
        return { kind: 'container', claims: containerClaims.parse(payload) };
      } catch (cause) {
        throw new Unauthorized('The token is not valid, or it has expired.', { cause });
      }
    },
  };
}
