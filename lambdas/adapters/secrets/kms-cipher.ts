import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { Unavailable } from '../../../core/errors.ts';
import type { Cipher, CipherContext } from './cipher.ts';

/** KMS itself encrypts: a value is short, and the key never leaves. The context is in the key's policy and in CloudTrail. */
export function createKmsCipher(kms: KMSClient, keyId: string): Cipher {
  const contextOf = ({ townId, name }: CipherContext) => ({ townId, secret: name });
  return {
    async seal(value, context) {
      const command = new EncryptCommand({
        KeyId: keyId,
        Plaintext: new TextEncoder().encode(value),
        EncryptionContext: contextOf(context),
      });
      const { CiphertextBlob } = await kms.send(command).catch(notUsable);
      if (CiphertextBlob === undefined)
        throw new Unavailable('KMS gave no ciphertext. Try again in a moment.');
      return CiphertextBlob;
    },
    async open(sealed, context) {
      const command = new DecryptCommand({
        KeyId: keyId,
        CiphertextBlob: sealed,
        EncryptionContext: contextOf(context),
      });
      const { Plaintext } = await kms.send(command).catch(notUsable);
      if (Plaintext === undefined) throw new Unavailable('KMS gave no plaintext. Try again in a moment.');
      return new TextDecoder().decode(Plaintext);
    },
  };
}

function notUsable(cause: unknown): never {
  throw new Unavailable('The key of the secrets cannot be used right now. Try again in a moment.', { cause });
}
