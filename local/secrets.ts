import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Unavailable } from '../core/errors.ts';
import type { Cipher, CipherContext } from '../lambdas/adapters/secrets/cipher.ts';

const KEY_BYTES = 32;
/** Sizes of AES-GCM; source: NIST SP 800-38D. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What KMS does in AWS: AES-256-GCM with a key of this installation, which is in a file of the data directory that only its owner
 * can read.
 */
export async function openLocalCipher(dataDir: string): Promise<Cipher> {
  const key = await readOrMakeKey(join(dataDir, 'secrets.key'));
  return {
    seal(value, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(contextBytes(context));
      const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
      return Promise.resolve(new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), text])));
    },
    open(sealed, context) {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
          .setAAD(contextBytes(context))
          .setAuthTag(tag);
        const text = Buffer.concat([
          decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
          decipher.final(),
        ]);
        return Promise.resolve(text.toString('utf8'));
      } catch (cause) {
        const message = `The secret ${context.name} cannot be opened with secrets.key: set it again.`;
        return Promise.reject(new Unavailable(message, { cause }));
      }
    },
  };
}

const contextBytes = ({ townId, name }: CipherContext): Buffer => Buffer.from(JSON.stringify([townId, name]));

async function readOrMakeKey(file: string): Promise<Buffer> {
  const known = await readFile(file).catch(absent);
  if (known !== undefined) return checked(file, known);
  // Complete or not there at all, and the first of two that start at the same moment makes it.
  const next = `${file}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(next, randomBytes(KEY_BYTES), { mode: 0o600 });
  await link(next, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(next);
  return checked(file, await readFile(file));
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function checked(file: string, key: Buffer): Buffer {
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${file} is not a key of ${KEY_BYTES} bytes. Put the right file back, or remove it and set all secrets again.`,
  );
}
