import { createHmac, randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import * as z from 'zod';
import type { SigningKey } from '../lambdas/adapters/tokens/signing-key.ts';
import { createLocalIssuer, type LocalIssuer } from './local-issuer.ts';

/** The keys of a local installation: what KMS and the user pool hold in AWS. Kept in the data directory, readable by its owner. */
const stored = z.object({
  signing: z.record(z.string(), z.unknown()),
  issuer: z.record(z.string(), z.unknown()),
  mac: z.string(),
});

export interface LocalKeys extends LocalIssuer {
  readonly signing: SigningKey;
}

export async function openLocalKeys(dataDir: string): Promise<LocalKeys> {
  const keys = await readOrMake(join(dataDir, 'keys.json'));
  const signingJwk = keys.signing as JWK;
  const issuerJwk = keys.issuer as JWK;
  const signingKey = await crypto.subtle.importKey(
    'jwk',
    signingJwk,
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  );
  const issuerKey = await importJWK(issuerJwk, 'RS256');
  const issuerPublic = await importJWK(publicPart(issuerJwk), 'RS256');
  return {
    signing: {
      keyId: 'local',
      sign: async (data) =>
        new Uint8Array(
          await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signingKey, Uint8Array.from(data)),
        ),
      publicJwk: () => Promise.resolve(publicPart(signingJwk)),
      mac: (data) =>
        Promise.resolve(createHmac('sha256', Buffer.from(keys.mac, 'base64url')).update(data).digest()),
    },
    ...createLocalIssuer(issuerKey, issuerPublic),
  };
}

function publicPart(jwk: JWK): JWK {
  const { kty, crv, x, y, n, e } = jwk;
  return kty === 'EC'
    ? { kty, ...(crv && { crv }), ...(x && { x }), ...(y && { y }) }
    : { kty: 'RSA', ...(n && { n }), ...(e && { e }) };
}

async function readOrMake(file: string): Promise<z.infer<typeof stored>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) return stored.parse(JSON.parse(text));
  const [signing, issuer] = await Promise.all([
    generateKeyPair('ES256', { extractable: true }),
    generateKeyPair('RS256', { extractable: true }),
  ]);
  const keys = {
    signing: await exportJWK(signing.privateKey),
    issuer: await exportJWK(issuer.privateKey),
    mac: randomBytes(32).toString('base64url'),
  };
  await writeFile(`${file}.new`, JSON.stringify(keys), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return stored.parse(keys);
}
