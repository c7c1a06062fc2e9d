import { createPublicKey } from 'node:crypto';
import { GenerateMacCommand, GetPublicKeyCommand, SignCommand, type KMSClient } from '@aws-sdk/client-kms';
import { Unavailable } from '../../../core/errors.ts';
import type { SigningKey } from './signing-key.ts';

/** `keyId` is an ECC_NIST_P256 signing key, `macKeyId` an HMAC_256 key. */
export function createKmsKey(kms: KMSClient, keyId: string, macKeyId: string): SigningKey {
  return {
    keyId,
    async sign(data) {
      const { Signature } = await kms.send(
        new SignCommand({
          KeyId: keyId,
          Message: data,
          MessageType: 'RAW',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      );
      if (Signature === undefined) throw new Unavailable('KMS gave no signature.');
      return rawFromDer(Signature);
    },
    async publicJwk() {
      const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
      if (PublicKey === undefined) throw new Unavailable('KMS gave no public key.');
      const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
      return key.export({ format: 'jwk' });
    },
    async mac(data) {
      const { Mac } = await kms.send(
        new GenerateMacCommand({ KeyId: macKeyId, Message: data, MacAlgorithm: 'HMAC_SHA_256' }),
      );
      if (Mac === undefined) throw new Unavailable('KMS gave no MAC.');
      return Mac;
    },
  };
}

/**
 * KMS answers an ASN.1 sequence of two integers, a JWS wants them as 32 bytes each (RFC 7518, 3.4). For P-256 every length
 * is below 128, so it is one byte.
 */
export function rawFromDer(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const integer = der.slice(at + 2, at + 2 + length);
    // A leading zero keeps the integer positive; a short one needs zeros in front.
    const bytes = integer.length > 32 ? integer.slice(integer.length - 32) : integer;
    raw.set(bytes, end - bytes.length);
    at += 2 + length;
  }
  return raw;
}
