import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type Fixture } from './fixture.ts';

describe('the local fronts', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  const open = async (): Promise<Socket> => {
    const socket = connect(Number(new URL(fixture.apiUrl).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  /** What comes back to these bytes; the connection is the client's to close. */
  const exchange = async (request: string): Promise<string> => {
    const socket = await open();
    socket.on('error', () => {});
    socket.end(request);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    await once(socket, 'close');
    return text;
  };
  const upgrade = (path: string, more = ''): string =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`;

  it('survive paths that are no URLs, and connections that break', async () => {
    const rows: [string, RegExp][] = [
      ['GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', /^HTTP\/1.1 404 /],
      ['GET //evil:99999/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', /^HTTP\/1.1 404 /],
      [
        'POST /@connections/% HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
        /^HTTP\/1.1 4/,
      ],
      [upgrade('/socket'), /^HTTP\/1.1 401 /],
      [upgrade('//'), /^HTTP\/1.1 401 /],
      [upgrade('/other'), /^HTTP\/1.1 401 /],
      [upgrade('/socket', 'Authorization: Bearer x.y.z\r\n'), /^HTTP\/1.1 401 /],
    ];
    for (const [request, expected] of rows) expect(await exchange(request)).toMatch(expected);
    const token = await fixture.tokens.containerToken({ townId: 'town', epoch: 1 });
    for (let time = 0; time < 20; time += 1) {
      const socket = await open();
      socket.on('error', () => {});
      socket.write(upgrade('/socket', `Authorization: Bearer ${token}\r\n`));
      await new Promise((resolve) => setTimeout(resolve, time % 5));
      socket.resetAndDestroy();
    }
    expect((await fixture.call('GET', '/v1/health')).status).toBe(200);
  });

  it('a poke for a connection that is not there is 410', async () => {
    const response = await fetch(`${fixture.apiUrl}/@connections/none`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(410);
    expect(response.headers.get('x-amzn-errortype')).toBe('GoneException');
  });
});
