import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../api/client.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { createModelSupervisor, newPublicKey, startingTown } from './supervisor.ts';

const MINUTE_MS = 60_000;

describe('bootstrap', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  const bootstrap = async (bootstrapToken: string, publicKey: object) =>
    fixture.call('POST', '/v1/container/bootstrap', { body: { bootstrapToken, publicKey } });

  it('is for the bearer of a MAC over exactly this town and epoch', async () => {
    const { townId } = await startingTown(fixture);
    const token = await fixture.tokens.bootstrapToken({ townId, epoch: 1 });
    const [, , mac = ''] = token.split('.');
    const other = await fixture.tokens.bootstrapToken({ townId: 'other', epoch: 1 });
    const flipped = `${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`;
    const publicKey = await newPublicKey();
    const before = await fixture.items();
    const forged = [
      '',
      'x',
      '..',
      `${townId}.1`,
      `${townId}.1.`,
      `${townId}.1.${flipped}`,
      `${townId}.1.${mac.slice(0, -2)}`,
      `${townId}.2.${mac}`,
      `${townId}.0.${mac}`,
      `${townId}.-1.${mac}`,
      `${townId}.1.5.${mac}`,
      `${townId}.1.${other.split('.')[2] ?? ''}`,
      `other.1.${mac}`,
      await fixture.tokens.containerToken({ townId, epoch: 1 }),
    ];
    for (const bad of forged) {
      expect(`${bad}: ${codeOf(await bootstrap(bad, publicKey))}`).toBe(`${bad}: 401 unauthorized`);
    }
    const badKeys = [
      { ...publicKey, x: '' },
      { ...publicKey, x: 'AAAA' },
      { ...publicKey, y: 'not a point' },
      { ...publicKey, kty: 'RSA' },
      { ...publicKey, crv: 'P-384' },
      {},
    ];
    for (const bad of badKeys) {
      const said = JSON.stringify(bad).slice(0, 80);
      expect(`${said}: ${codeOf(await bootstrap(token, bad))}`).toBe(`${said}: 400 invalid_input`);
    }
    const long = await bootstrap('x'.repeat(2049), publicKey);
    expect(codeOf(long)).toBe('400 invalid_input');
    expect(await fixture.items()).toEqual(before);
    // A MAC of ours for a town that is not there, or has no container.
    expect(codeOf(await bootstrap(other, publicKey))).toBe('410 gone');
    const idle = await fixture.town('owner');
    const early = await fixture.tokens.bootstrapToken({ townId: idle.townId, epoch: 1 });
    expect(codeOf(await bootstrap(early, publicKey))).toBe('410 gone');
  });

  it('binds the first key, gives it a token again until its first sync, and refuses any other', async () => {
    const { townId, supervisor } = await startingTown(fixture);
    expect(await supervisor.bootstrap()).toMatchObject({
      status: 200,
      body: { containerToken: expect.any(String), socketUrl: expect.stringMatching(/^ws:.*\/socket$/) },
    });
    const token = await fixture.tokens.bootstrapToken({ townId, epoch: 1 });
    expect(codeOf(await bootstrap(token, await newPublicKey()))).toBe('401 unauthorized');
    expect((await supervisor.bootstrap()).status).toBe(200);
    await supervisor.sync();
    expect(codeOf(await supervisor.bootstrap())).toBe('401 unauthorized');
    // The first sync keeps the binding: the container goes on with the token that it has.
    await supervisor.sync();
  });

  it('of several at the same time, one key wins; the same key twice is no loss', async () => {
    const { townId, supervisor } = await startingTown(fixture);
    const both = await Promise.all([supervisor.bootstrap(), supervisor.bootstrap()]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);

    const second = await startingTown(fixture);
    const rivals = await Promise.all(
      [1, 2, 3, 4, 5].map(() => createModelSupervisor(fixture, second.townId, 1)),
    );
    const answers = await Promise.all(rivals.map((rival) => rival.bootstrap()));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses[0]).toBe(200);
    expect(statuses.slice(1).every((status) => status === 401 || status === 410)).toBe(true);
    expect(townId).not.toBe(second.townId);
  });

  it('is over 30 minutes after the start was asked for, and for an epoch that is over', async () => {
    const { townId, supervisor } = await startingTown(fixture);
    try {
      fixture.clock.offsetMs = 29 * MINUTE_MS;
      expect((await supervisor.bootstrap()).status).toBe(200);
      fixture.clock.offsetMs = 31 * MINUTE_MS;
      expect(codeOf(await supervisor.bootstrap())).toBe('401 unauthorized');
      const fact = { type: 'task_stopped', epoch: 1, reason: 'test' } as const;
      await fixture.reconcile(townId, fact);
      await fixture.reconcile(townId);
      expect((await fixture.live(townId)).container.epoch).toBe(2);
      expect(codeOf(await supervisor.bootstrap())).toBe('410 gone');
      const next = await createModelSupervisor(fixture, townId, 2);
      expect((await next.bootstrap()).status).toBe(200);
    } finally {
      fixture.clock.offsetMs = 0;
    }
  });
});
