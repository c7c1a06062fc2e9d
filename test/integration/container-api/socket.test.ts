import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { idOf } from '../api/client.ts';
import { eventually, sqsRecord, startFixture, type Fixture } from '../api/fixture.ts';
import { createModelSupervisor } from './supervisor.ts';

describe('the socket of a container', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ isRunning: true });
  });
  afterAll(() => fixture.close());

  const connections = async (townId: string) =>
    (await fixture.items()).filter(({ pk }) => pk === `CONN#${townId}`);
  /** A town whose container runs, and that has come to rest. */
  const running = async () => {
    const town = await fixture.town('owner');
    const { token, path, rigId, townId } = town;
    const create = async (title: string) =>
      idOf(await fixture.call('POST', `${path}/beads`, { token, body: { rigId, title } }));
    await create('first');
    await eventually('the task starts', () => fixture.tasks.tasks.find((task) => task.townId === townId));
    const supervisor = await createModelSupervisor(fixture, townId, 1);
    await supervisor.bootstrap();
    await supervisor.sync();
    await eventually('the container runs', async () =>
      (await fixture.live(townId)).container.state === 'running' ? true : undefined,
    );
    return { ...town, create, supervisor };
  };

  it('a bead that is created while the container runs is in its desired state at once, by a poke and one sync', async () => {
    const { create, supervisor, townId } = await running();
    await supervisor.sync();
    supervisor.obey();
    const socket = await supervisor.listen();
    await eventually('the connection is known', async () => (await connections(townId))[0]);
    await sleep(300);
    const pokedAfterMs: number[] = [];
    for (const title of ['second', 'third']) {
      const syncsBefore = supervisor.syncs;
      const pokesBefore = socket.pokes.length;
      const beadId = await create(title);
      const agent = await eventually('the bead is in the desired state', () =>
        supervisor.latest?.agents.find(({ work }) => work.kind === 'bead' && work.beadId === beadId),
      );
      expect(agent.work).toMatchObject({ title });
      // The reconciler's own instant: from there on the poke is on its way.
      const decidedAt = (await fixture.live(townId)).live.bead.get(beadId)?.statusSince ?? 0;
      pokedAfterMs.push((socket.pokes[pokesBefore] ?? Infinity) - decidedAt);
      await sleep(300);
      // Every sync was a poke's: one for the dispatch, and at most one for what follows from it.
      const syncs = supervisor.syncs - syncsBefore;
      expect(syncs).toBe(socket.pokes.length - pokesBefore);
      expect(syncs).toBeGreaterThanOrEqual(1);
      expect(syncs).toBeLessThanOrEqual(2);
    }
    // The machine may be busy with other things during one of them.
    expect(Math.min(...pokedAfterMs)).toBeLessThan(1_000);
    await socket.close();
    await eventually('it is forgotten', async () =>
      (await connections(townId)).length === 0 ? true : undefined,
    );
  });

  it('without a socket nothing breaks: the next sync has it', async () => {
    const { create, supervisor } = await running();
    const beadId = await create('second');
    const agent = await eventually('it is given to an agent', async () => {
      const { agents } = await supervisor.sync();
      return agents.find(({ work }) => work.kind === 'bead' && work.beadId === beadId);
    });
    expect(agent.work.title).toBe('second');
  });

  it('a connection that is gone is forgotten at the next poke, one that replaced it stays', async () => {
    const { supervisor, townId } = await running();
    const key = { townId, epoch: 1 };
    const gone = await supervisor.listen();
    const [row] = await eventually('the connection is known', async () => {
      const rows = await connections(townId);
      return rows.length > 0 ? rows : undefined;
    });
    const again = await supervisor.listen();
    await eventually('the newer one is known', async () => {
      const [newer] = await connections(townId);
      return newer?.['connectionId'] === row?.['connectionId'] ? undefined : newer;
    });
    // The older one ends: the row of the newer one stays, and the newer one is poked.
    await gone.close();
    await sleep(100);
    expect((await connections(townId)).length).toBe(1);
    const poke = { type: 'poke', v: 1, ...key };
    await fixture.worker({ Records: [sqsRecord(townId, JSON.stringify(poke))] });
    await eventually('the newer one is poked', () => again.pokes[0]);
    expect(gone.pokes).toEqual([]);
    await again.close();
    await eventually('it is forgotten', async () =>
      (await connections(townId)).length === 0 ? true : undefined,
    );

    // A row whose connection nobody has, as after a crash of the gateway: known since long ago.
    const Item = {
      pk: `CONN#${townId}`,
      sk: 'CONTAINER#1',
      connectionId: 'long-gone',
      expiresAt: 1,
      connectedAt: 1,
    };
    await fixture.document.send(new PutCommand({ TableName: fixture.tableName, Item }));
    expect(await fixture.worker({ Records: [sqsRecord(townId, JSON.stringify(poke))] })).toEqual({
      batchItemFailures: [],
    });
    expect(await connections(townId)).toEqual([]);
    // And with no row at all, a poke is nothing.
    expect(await fixture.worker({ Records: [sqsRecord(townId, JSON.stringify(poke))] })).toEqual({
      batchItemFailures: [],
    });
  });

  it('a poke that meets a connection which is only just opening does not forget it', async () => {
    const { townId } = await running();
    // What $connect has written down; API Gateway answers 410 for it until $connect has returned.
    const connectionId = 'opening';
    const requestContext = { routeKey: '$connect', connectionId, authorizer: { townId, epoch: '1' } };
    expect(await fixture.socket({ requestContext })).toEqual({ statusCode: 200 });
    await fixture.worker({
      Records: [sqsRecord(townId, JSON.stringify({ type: 'poke', v: 1, townId, epoch: 1 }))],
    });
    expect(await connections(townId)).toMatchObject([{ connectionId }]);
  });

  it('opens for container tokens only', async () => {
    const { supervisor, townId } = await running();
    const { agents } = await supervisor.sync();
    const url = `${fixture.apiUrl.replace('http', 'ws')}/socket`;
    const user = await fixture.userToken('owner');
    for (const token of [agents[0]?.token, user, 'garbage', undefined]) {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const socket = new WebSocket(url, { headers });
      const [error] = (await once(socket, 'error')) as [Error];
      expect(error.message).toContain('401');
    }
    expect(await connections(townId)).toEqual([]);
    expect(await fixture.socket({ requestContext: { routeKey: '$connect', connectionId: 'x' } })).toEqual({
      statusCode: 401,
    });
  });
});
