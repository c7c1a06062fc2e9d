import { createHmac, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { assert, property, uint8Array } from 'fast-check';
import { importJWK, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKmsKey, rawFromDer } from '../../../lambdas/adapters/tokens/kms-key.ts';
import { createTokenSigner } from '../../../lambdas/adapters/tokens/token-signer.ts';
import { authorize } from '../../../lambdas/authorizer/authorize.ts';
import { clientOptions, startJsonService, type JsonService } from './json-service.ts';

const newPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('signatures of KMS', () => {
  it('DER becomes the raw form that Node itself verifies, for 200 keys and messages', () => {
    const run = property(uint8Array({ minLength: 0, maxLength: 64 }), (message) => {
      const { privateKey, publicKey } = newPair();
      const raw = rawFromDer(sign('sha256', message, privateKey));
      expect(raw.length).toBe(64);
      expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
    });
    assert(run, { numRuns: 200 });
  });

  it('short and padded integers keep their place', () => {
    const integer = (bytes: number[]) => [0x02, bytes.length, ...bytes];
    const der = (r: number[], s: number[]) => {
      const content = [...integer(r), ...integer(s)];
      return Uint8Array.of(0x30, content.length, ...content);
    };
    const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
    const full = Array.from({ length: 32 }, (_, index) => 0x80 + index);
    const rows: [number[], number[], number[]][] = [
      [[1], [2], [...zeros(31), 1, ...zeros(31), 2]],
      [
        [0, ...full],
        [0, 0x80],
        [...full, ...zeros(31), 0x80],
      ],
      [full.slice(1), [0, ...full], [0, ...full.slice(1), ...full]],
    ];
    for (const [r, s, raw] of rows) expect([...rawFromDer(der(r, s))]).toEqual(raw);
  });
});

describe('tokens with KMS', () => {
  const claims = { townId: 'town', epoch: 4 };
  const agent = {
    ...claims,
    agentId: 'a',
    role: 'polecat',
    attempt: 2,
    work: { kind: 'bead', id: 'b' },
  } as const;
  const pair = newPair();
  const macKey = randomBytes(32);
  let isDown: boolean;
  let service: JsonService;
  const bytesOf = (value: unknown): Buffer => Buffer.from(String(value), 'base64');

  beforeEach(async () => {
    isDown = false;
    service = await startJsonService((operation, input) => {
      if (isDown) return { error: 'ThrottlingException' };
      const { KeyId, Message, SigningAlgorithm, MessageType, MacAlgorithm } = input;
      if (
        operation === 'Sign' &&
        KeyId === 'sign' &&
        SigningAlgorithm === 'ECDSA_SHA_256' &&
        MessageType === 'RAW'
      ) {
        // KMS takes at most 4096 bytes of a raw message.
        if (bytesOf(Message).length > 4096) return { error: 'ValidationException' };
        return { ok: { Signature: sign('sha256', bytesOf(Message), pair.privateKey).toString('base64') } };
      }
      if (operation === 'GetPublicKey' && KeyId === 'sign') {
        const der = pair.publicKey.export({ type: 'spki', format: 'der' });
        return { ok: { PublicKey: der.toString('base64') } };
      }
      if (operation === 'GenerateMac' && KeyId === 'mac' && MacAlgorithm === 'HMAC_SHA_256') {
        return { ok: { Mac: createHmac('sha256', macKey).update(bytesOf(Message)).digest('base64') } };
      }
      return { error: 'ValidationException' };
    });
  });
  afterEach(() => service.close());

  const signer = (now = Date.now) =>
    createTokenSigner(createKmsKey(new KMSClient(clientOptions(service)), 'sign', 'mac'), now);

  it('are what jose verifies with the public key alone, and what any other instance verifies', async () => {
    const token = await signer().agentToken(agent);
    const key = await importJWK(pair.publicKey.export({ format: 'jwk' }), 'ES256');
    const { payload, protectedHeader } = await jwtVerify(token, key, {
      audience: 'agent',
      issuer: 'gastown',
    });
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'sign' });
    expect(payload).toMatchObject(agent);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(await signer().verify(token)).toEqual({ kind: 'agent', claims: agent });
    const container = await signer().containerToken(claims);
    expect(await signer().verify(container)).toEqual({ kind: 'container', claims });
  });

  it('verify with one read of the public key, and refuse what is changed, foreign, expired or of another kind', async () => {
    const tokens = signer();
    const token = await tokens.containerToken(claims);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const changed = Buffer.from(JSON.stringify({ ...claims, epoch: 5, iss: 'gastown', aud: 'container' }));
    const other = newPair();
    const foreign = sign('sha256', Buffer.from(`${header}.${payload}`), {
      key: other.privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    const bad = [
      '',
      'a.b.c',
      `${header}.${payload}.`,
      `${header}.${changed.toString('base64url')}.${signature}`,
      `${header}.${payload}.${foreign.toString('base64url')}`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
      await tokens.bootstrapToken(claims),
    ];
    for (const one of bad) await expect(tokens.verify(one)).rejects.toMatchObject({ code: 'unauthorized' });
    const later = signer(() => Date.now() + 3_601_000);
    await expect(later.verify(token)).rejects.toMatchObject({ code: 'unauthorized' });
    const reads = service.requests.filter(({ operation }) => operation === 'GetPublicKey');
    expect(reads.length).toBe(2);
  });

  it('bootstrap tokens are the same for ever, and for one town and epoch only', async () => {
    const token = await signer().bootstrapToken(claims);
    expect(await signer(() => 0).bootstrapToken(claims)).toBe(token);
    expect(await signer().verifyBootstrapToken(token)).toEqual(claims);
    for (const other of [
      { ...claims, epoch: 5 },
      { ...claims, townId: 'tow' },
    ]) {
      const forged = token.replace('town.4', `${other.townId}.${other.epoch}`);
      await expect(signer().verifyBootstrapToken(forged)).rejects.toMatchObject({ code: 'unauthorized' });
    }
  });

  it('when KMS does not answer, a token is not called bad, and the next request works again', async () => {
    const token = await signer().containerToken(claims);
    const tokens = signer();
    isDown = true;
    await expect(tokens.verify(token)).rejects.toThrow('ThrottlingException');
    await expect(authorize(tokens, 'container', `Bearer ${token}`)).rejects.toThrow('ThrottlingException');
    isDown = false;
    expect(await authorize(tokens, 'container', `Bearer ${token}`)).toEqual(claims);
    expect(await authorize(tokens, 'agent', `Bearer ${token}`)).toBeUndefined();
    for (const header of [undefined, '', token, `Basic ${token}`, `Bearer  ${token}`, `Bearer ${token} x`]) {
      expect(await authorize(tokens, 'container', header)).toBeUndefined();
    }
  });
});
