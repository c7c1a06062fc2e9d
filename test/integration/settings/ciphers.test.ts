import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Unavailable } from '../../../core/errors.ts';
import type { Cipher } from '../../../lambdas/adapters/secrets/cipher.ts';
import { createKmsCipher } from '../../../lambdas/adapters/secrets/kms-cipher.ts';
import { openLocalCipher } from '../../../local/secrets.ts';
import {
  clientOptions,
  startJsonService,
  type JsonService,
  type Reply,
} from '../../unit/lambdas/json-service.ts';
import { CANARIES } from './canaries.ts';

const KEY_ID = 'the-key-of-the-secrets';

/** KMS as far as it is used here: a ciphertext opens for its context and its key only, and values have at most 4 KiB. */
function createKmsProgram(): (operation: string, input: Record<string, unknown>) => Reply {
  const key = randomBytes(32);
  const bytes = (value: unknown): Buffer => Buffer.from(String(value), 'base64');
  return (operation, { KeyId, Plaintext, CiphertextBlob, EncryptionContext }) => {
    const context = Buffer.from(JSON.stringify(EncryptionContext ?? {}, ['secret', 'townId']));
    if (KeyId !== KEY_ID) return { error: 'NotFoundException' };
    if (operation === 'Encrypt') {
      if (bytes(Plaintext).length > 4096) return { error: 'ValidationException' };
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context);
      const text = Buffer.concat([cipher.update(bytes(Plaintext)), cipher.final()]);
      const sealed = Buffer.concat([nonce, cipher.getAuthTag(), text]);
      return { ok: { CiphertextBlob: sealed.toString('base64'), KeyId } };
    }
    const sealed = bytes(CiphertextBlob);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
        .setAAD(context)
        .setAuthTag(sealed.subarray(12, 28));
      const text = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
      return { ok: { Plaintext: text.toString('base64'), KeyId } };
    } catch {
      return { error: 'InvalidCiphertextException' };
    }
  };
}

let dataDir: string;
let kms: JsonService;
let isDown = false;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gastown-cipher-'));
  const program = createKmsProgram();
  kms = await startJsonService((...call) => (isDown ? { error: 'KMSInternalException' } : program(...call)));
});
afterAll(async () => {
  await kms.close();
  await rm(dataDir, { recursive: true, force: true });
});

const inAws = (): Promise<Cipher> =>
  Promise.resolve(createKmsCipher(new KMSClient(clientOptions(kms)), KEY_ID));
const onThisMachine = (): Promise<Cipher> => openLocalCipher(dataDir);

describe.each([
  { of: 'KMS', open: inAws },
  { of: 'the local key', open: onThisMachine },
])('secrets under $of', ({ open }) => {
  const context = { townId: 'town', name: 'githubCliPat' };

  it.each([CANARIES.githubCliPat, '', 'ä€😀', 'x'.repeat(4096)])('come back as they were', async (value) => {
    const sealed = await (await open()).seal(value, context);
    // Another function, or another start.
    expect(await (await open()).open(sealed, context)).toBe(value);
  });

  it('show nothing of the value, and the same value never looks the same', async () => {
    const cipher = await open();
    const [one, two] = await Promise.all([1, 2].map(() => cipher.seal(CANARIES.apiKey, context)));
    expect(Buffer.from(one ?? []).toString('latin1')).not.toContain(CANARIES.apiKey);
    expect(one).not.toEqual(two);
  });

  it.each([
    { ...context, townId: 'another' },
    { ...context, name: 'model.apiKey' },
  ])('do not open for %j', async (other) => {
    const cipher = await open();
    const sealed = await cipher.seal(CANARIES.apiKey, context);
    const opening = cipher.open(sealed, other);
    await expect(opening).rejects.toBeInstanceOf(Unavailable);
    await expect(opening).rejects.not.toThrow(CANARIES.apiKey);
  });
});

it('a key that cannot be used now is something to try again', async () => {
  const cipher = await inAws();
  isDown = true;
  await expect(cipher.seal('x', { townId: 't', name: 'n' })).rejects.toMatchObject({ retry: 'backoff' });
  isDown = false;
});

describe('the local key', () => {
  it('is its owner’s alone, and two starts at once make one', async () => {
    const fresh = await mkdtemp(join(tmpdir(), 'gastown-cipher-'));
    const ciphers = await Promise.all([openLocalCipher(fresh), openLocalCipher(fresh)]);
    expect((await stat(join(fresh, 'secrets.key'))).mode & 0o777).toBe(0o600);
    const context = { townId: 't', name: 'n' };
    const sealed = await ciphers[0].seal('value', context);
    expect(await ciphers[1].open(sealed, context)).toBe('value');
    await rm(fresh, { recursive: true });
  });

  it('that is damaged is said to be', async () => {
    const damaged = await mkdtemp(join(tmpdir(), 'gastown-cipher-'));
    await writeFile(join(damaged, 'secrets.key'), 'short');
    await chmod(join(damaged, 'secrets.key'), 0o600);
    await expect(openLocalCipher(damaged)).rejects.toThrow('is not a key of 32 bytes');
    await rm(damaged, { recursive: true });
  });
});
