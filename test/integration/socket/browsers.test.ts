import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TooLarge } from '../../../core/errors.ts';
import type { StreamGrant } from '../../../lambdas/adapters/dynamodb/tickets.ts';
import { startGateway, type Gateway } from './gateway.ts';

const grantOf = (townId: string, more: Partial<StreamGrant> = {}): StreamGrant => ({
  userId: 'user',
  townId,
  topic: 'town',
  ...more,
});
const changed = (version: number) => ({ type: 'changed', data: { version, subjects: [] } });

describe('browsers at the WebSocket API', () => {
  let dataDir: string;
  let gateway: Gateway;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gastown-socket-'));
    gateway = await startGateway(dataDir);
  });
  afterAll(async () => {
    await gateway.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('who gets in', async () => {
    const ticket = async () => (await gateway.tickets.issueTicket(grantOf('door'))).ticket;
    const container = await gateway.tokens.containerToken({ townId: 'door', epoch: 1 });
    const agent = await gateway.tokens.agentToken({
      townId: 'door',
      epoch: 1,
      agentId: 'a',
      role: 'polecat',
      attempt: 1,
      work: { kind: 'bead', id: 'b' },
    });
    const used = await ticket();
    await gateway.tickets.redeemTicket(used);
    const late = await ticket();
    const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
    const rows: [who: string, outcome: 'open' | '401', query: string, more?: object][] = [
      ['a browser with a ticket', 'open', `?ticket=${await ticket()}`],
      ['a ticket among other parameters', 'open', `?a=1&ticket=${await ticket()}`],
      ['a container with its token', 'open', '', bearer(container)],
      ['nobody in particular', '401', ''],
      ['a ticket that is empty', '401', '?ticket='],
      ['a ticket that was made up', '401', `?ticket=${'A'.repeat(43)}`],
      ['a ticket that was used', '401', `?ticket=${used}`],
      ['two tickets in one', '401', `?ticket=${await ticket()}&ticket=${await ticket()}`],
      ['an agent', '401', '', bearer(agent)],
      ["a container's token where the ticket goes", '401', `?ticket=${container}`],
      ['a ticket where the token goes', '401', '', bearer(await ticket())],
      ['a bad token beside a good ticket', '401', `?ticket=${await ticket()}`, bearer('x.y.z')],
    ];
    for (const [who, outcome, query, more] of rows) {
      const got = await gateway.tryConnect(query, more);
      expect(`${who}: ${got}`).toContain(
        `${who}: ${outcome === 'open' ? 'open' : 'Error: Unexpected server response: 401'}`,
      );
    }
    gateway.clock.offsetMs += 60_000;
    expect(await gateway.tryConnect(`?ticket=${late}`)).toContain('401');
    gateway.clock.offsetMs -= 60_000;
  });

  it('each hears its own town, topic and agent, and nothing else', async () => {
    const town = await gateway.listen(grantOf('one'));
    const twin = await gateway.listen(grantOf('one', { userId: 'another' }));
    const elsewhere = await gateway.listen(grantOf('two'));
    const agent = await gateway.listen(grantOf('one', { topic: 'agent', agentId: 'a' }));
    const other = await gateway.listen(grantOf('one', { topic: 'agent', agentId: 'ab' }));
    await gateway.watchers.publish('one', 'town', undefined, changed(1));
    await gateway.watchers.publish('one', 'agent', 'a', { type: 'event', data: { n: 1 } });
    await gateway.watchers.publish('two', 'town', undefined, changed(2));
    await gateway.watchers.publish('three', 'town', undefined, changed(3));
    await expect.poll(() => elsewhere.heard).toHaveLength(1);
    await expect.poll(() => agent.heard).toHaveLength(1);
    const version1 = { topic: 'town', type: 'changed', data: { version: 1, subjects: [] } };
    await expect.poll(() => town.heard).toEqual([version1]);
    await expect.poll(() => twin.heard).toEqual([version1]);
    expect(agent.heard).toEqual([{ topic: 'agent', type: 'event', data: { n: 1 } }]);
    expect(elsewhere.heard).toMatchObject([{ data: { version: 2 } }]);
    expect(other.heard).toEqual([]);
    for (const { socket } of [town, twin, elsewhere, agent, other]) socket.close();
    await expect.poll(() => gateway.rows('one')).toEqual([]);
    await expect.poll(() => gateway.rows('two')).toEqual([]);
  });

  it('a connection that is gone is forgotten at the next frame, one that only just opens is not', async () => {
    const gone = grantOf('gone');
    const { watcherConnections: connections, watchers, clock } = gateway;
    await connections.watch(gone, 'long-gone', Date.now() - 60_000);
    await connections.watch(gone, 'opening', Date.now());
    const live = await gateway.listen(gone);
    await watchers.publish('gone', 'town', undefined, changed(1));
    await expect.poll(() => live.heard).toHaveLength(1);
    const rows = await gateway.rows('gone');
    expect(rows.some((row) => row.includes('long-gone'))).toBe(false);
    expect(rows.some((row) => row.includes('opening'))).toBe(true);
    expect(rows.length).toBe(2);
    live.socket.close();
    // Nobody's time to live has swept it, but after its two hours nobody is called.
    clock.offsetMs += 3 * 3600_000;
    expect(await connections.watchersOf(gone)).toEqual([]);
    clock.offsetMs = 0;
  });

  it('a frame of 32 KB goes out whole, a larger one is refused to the publisher', async () => {
    const { heard, socket } = await gateway.listen(grantOf('large'));
    const frameOf = (bytes: number) => {
      const around = JSON.stringify({ topic: 'town', type: 'x', data: '' }).length;
      return { type: 'x', data: 'a'.repeat(bytes - around) };
    };
    await gateway.watchers.publish('large', 'town', undefined, frameOf(32 * 1024));
    await expect.poll(() => heard).toHaveLength(1);
    const tooLarge = gateway.watchers.publish('large', 'town', undefined, frameOf(32 * 1024 + 1));
    await expect(tooLarge).rejects.toThrow(TooLarge);
    socket.close();
  });

  it('what a browser says is answered: ping with pong, all else with what is wrong', async () => {
    const rows: [topic: 'town' | 'terminal', sent: string, answer: object][] = [
      ['town', '{"type":"ping"}', { topic: 'town', type: 'pong', data: {} }],
      ['town', '{"topic":"town","type":"ping","data":{}}', { topic: 'town', type: 'pong', data: {} }],
      ['terminal', '{"type":"ping"}', { topic: 'terminal', type: 'pong', data: {} }],
      [
        'terminal',
        '{"topic":"terminal","type":"data","data":"ls"}',
        { type: 'error', data: { code: 'not_supported' } },
      ],
      ['town', '{"topic":"town","type":"changed"}', { type: 'error', data: { code: 'not_supported' } }],
      ['town', '{"topic":"agent","type":"ping"}', { type: 'error', data: { code: 'invalid_input' } }],
      ['town', '{"no":"type"}', { type: 'error', data: { code: 'invalid_input' } }],
      ['town', 'no json', { type: 'error', data: { code: 'invalid_input' } }],
      ['town', '', { type: 'error', data: { code: 'invalid_input' } }],
    ];
    for (const [topic, sent, answer] of rows) {
      const agentId = topic === 'terminal' ? { agentId: 'a' } : {};
      const { socket, heard } = await gateway.listen(grantOf('talk', { topic, ...agentId }));
      socket.send(sent);
      await expect.poll(() => heard).toHaveLength(1);
      expect({ sent, answer: heard[0] }).toMatchObject({ sent, answer });
      socket.close();
    }
  });

  it('what a container says is not answered', async () => {
    const token = await gateway.tokens.containerToken({ townId: 'quiet', epoch: 1 });
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/socket`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await once(socket, 'open');
    const heard: unknown[] = [];
    socket.on('message', (data) => void heard.push(data));
    socket.send('{"type":"ping"}');
    // The next connection is served later than that frame.
    await gateway.listen(grantOf('quiet')).then(({ socket: later }) => later.close());
    expect(heard).toEqual([]);
    expect(await gateway.rows('quiet')).toContain('CONTAINER#1');
    socket.close();
  });
});
