import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFrameWatch } from '../../../local/front/frame-sizes.ts';
import { startGateway, type Gateway } from './gateway.ts';

const KB = 1024;
const grant = { userId: 'u', townId: 'limits', topic: 'town' } as const;

describe("API Gateway's limits on a socket", () => {
  let dataDir: string;
  let gateway: Gateway;
  let hasty: Gateway;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gastown-socket-'));
    gateway = await startGateway(dataDir);
    hasty = await startGateway(dataDir, { lifeMs: 2_500, idleMs: 800 });
  });
  afterAll(async () => {
    await gateway.close();
    await hasty.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const rows: [what: string, frames: number[], outcome: 'answered' | 1009][] = [
    ['one frame of 32 KB', [32 * KB], 'answered'],
    ['one frame above', [32 * KB + 1], 1009],
    ['one frame of 128 KB', [128 * KB], 1009],
    ['128 KB in four frames', [32 * KB, 32 * KB, 32 * KB, 32 * KB], 'answered'],
    ['above that in five', [32 * KB, 32 * KB, 32 * KB, 32 * KB, 1], 1009],
    ['small, then one too large', [100, 40 * KB], 1009],
    ['many small', Array.from({ length: 500 }, () => 200), 'answered'],
  ];
  for (const [what, frames, outcome] of rows) {
    it(`${what} → ${outcome}`, async () => {
      const { socket, heard, closed } = await gateway.listen(grant);
      frames.forEach((bytes, index) => {
        socket.send('x'.repeat(bytes), { fin: index === frames.length - 1 });
      });
      const answered = once(socket, 'message').then(() => 'answered');
      expect(await Promise.race([answered, closed])).toBe(outcome);
      expect(heard).toHaveLength(outcome === 'answered' ? 1 : 0);
      socket.close();
      await expect.poll(() => gateway.rows('limits')).toEqual([]);
    });
  }

  it('a silent connection is closed; one that speaks or is spoken to is not, until its life is over', async () => {
    const silent = await hasty.listen(grant);
    const speaking = await hasty.listen(grant);
    const spokenTo = await hasty.listen({ ...grant, townId: 'told' });
    const startedMs = performance.now();
    const closedAfterMs = (closed: Promise<number>) =>
      closed.then((code) => [code, performance.now() - startedMs]);
    const ends = Promise.all([silent, speaking, spokenTo].map(({ closed }) => closedAfterMs(closed)));
    while (performance.now() - startedMs < 2_200) {
      await sleep(100);
      speaking.socket.send('{"type":"ping"}');
      await hasty.watchers.publish('told', 'town', undefined, { type: 'x', data: {} });
    }
    const [[silentCode = 0, silentMs = 0] = [], ...others] = await ends;
    expect(silentCode).toBe(1001);
    expect(silentMs).toBeLessThan(2_000);
    for (const [code = 0, ms = 0] of others) {
      expect(code).toBe(1001);
      expect(ms).toBeGreaterThan(2_200);
    }
    await expect.poll(() => hasty.rows('told')).toEqual([]);
  });

  it('a message over 128 KB is refused to who sends it to a connection', async () => {
    const { socket } = await gateway.listen(grant);
    const [row = ''] = await gateway.rows('limits');
    const post = (bytes: number) =>
      fetch(`${gateway.url}/@connections/${row.split('#').at(-1)}`, {
        method: 'POST',
        body: 'x'.repeat(bytes),
      });
    const large = await post(128 * KB + 1);
    expect([large.status, large.headers.get('x-amzn-errortype')]).toEqual([413, 'PayloadTooLargeException']);
    socket.removeAllListeners('message');
    const [[message]] = (await Promise.all([once(socket, 'message'), post(128 * KB)])) as [[Buffer], unknown];
    expect(message.length).toBe(128 * KB);
    socket.close();
  });

  it('frames are found whatever way the bytes arrive', () => {
    const frameOf = (bytes: number): Buffer => {
      const mask = Buffer.from([1, 2, 3, 4]);
      const size = Buffer.alloc(bytes < 126 ? 0 : bytes < 65_536 ? 2 : 8);
      if (size.length === 2) size.writeUInt16BE(bytes);
      if (size.length === 8) size.writeBigUInt64BE(BigInt(bytes));
      const short = [bytes, 0, 126, 0, 0, 0, 0, 0, 127][size.length] ?? 0;
      return Buffer.concat([Buffer.from([0x82, 0x80 | short]), size, mask, Buffer.alloc(bytes, 0xff)]);
    };
    const cases: [sizes: number[], tooLarge: number][] = [
      [[0, 1, 125, 126, 300], 0],
      [[70_000], 1],
      [[301, 300, 5000, 0, 299], 2],
    ];
    for (const [sizes, tooLarge] of cases) {
      const bytes = Buffer.concat(sizes.map(frameOf));
      for (const step of [1, 2, 3, 7, 1000, bytes.length]) {
        let found = 0;
        const watch = createFrameWatch(300, () => (found += 1));
        for (let at = 0; at < bytes.length; at += step) watch(bytes.subarray(at, at + step));
        expect(found, `${sizes.join()} in steps of ${step}`).toBe(tooLarge);
      }
    }
  });
});
