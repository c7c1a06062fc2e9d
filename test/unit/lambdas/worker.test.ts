import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageFact } from '../../../core/facts/message.ts';
import { sqsRecord, startFixture, type Fixture } from '../../integration/api/fixture.ts';

describe('the worker', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  /** A town that asks for its first task. */
  const asking = async () => {
    const town = await fixture.town('owner');
    const { token, path, rigId, townId } = town;
    await fixture.call('POST', `${path}/beads`, { token, body: { rigId, title: 'go' } });
    await fixture.reconcile(townId);
    return town;
  };
  const message = (townId: string, key = 'run_task:1') => ({ type: 'effect', v: 1, townId, key, attempt: 1 });
  const work = (...bodies: (object | string)[]) => {
    const texts = bodies.map((body) => (typeof body === 'string' ? body : JSON.stringify(body)));
    return fixture.worker({ Records: texts.map((text) => sqsRecord('effects', text)) });
  };
  const rowOf = async (townId: string) => (await fixture.live(townId)).outbox.get('run_task:1');
  const startsOf = (townId: string) => fixture.tasks.starts.filter((start) => start.townId === townId).length;
  /** Facts that went to the town's queue since it was last read. */
  const factsOf = async (townId: string): Promise<MessageFact[]> => {
    const facts: MessageFact[] = [];
    const QueueUrl = fixture.queues.townEventsUrl;
    for (let read = 0; read < 50; read += 1) {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
      const { Messages = [] } = await fixture.sqs.send(command);
      if (Messages.length === 0) break;
      for (const { Body = '{}', ReceiptHandle } of Messages) {
        await fixture.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        const body = JSON.parse(Body) as { townId: string; fact?: MessageFact };
        if (body.townId === townId && body.fact !== undefined) facts.push(body.fact);
      }
    }
    return facts;
  };

  it('a task is as large as the settings say', async () => {
    const { townId, token, path } = await asking();
    await fixture.call('PATCH', `${path}/config`, { token, body: { container: { memoryGiB: 24 } } });
    await work(message(townId));
    expect(fixture.tasks.starts.filter((start) => start.townId === townId)).toEqual([
      { townId, epoch: 1, memoryGiB: 24 },
    ]);
    await factsOf(townId);
  });

  it('two workers, one effect: one acts, the other drops it, and the answer goes back once', async () => {
    const { townId } = await asking();
    fixture.tasks.behaviour = { kind: 'slow', ms: 150 };
    const results = await Promise.all([work(message(townId)), work(message(townId)), work(message(townId))]);
    fixture.tasks.behaviour = { kind: 'starts' };
    expect(results).toEqual([1, 2, 3].map(() => ({ batchItemFailures: [] })));
    expect(startsOf(townId)).toBe(1);
    const result = { ok: true, taskArn: `task/${townId}/1` } as const;
    const fact = { type: 'effect_result', key: 'run_task:1', attempt: 1, result } as const;
    expect(await factsOf(townId)).toEqual([fact]);
    await fixture.reconcile(townId, fact);
    expect(await rowOf(townId)).toBeUndefined();
    expect((await fixture.live(townId)).container.taskArn).toBe(`task/${townId}/1`);
    // The message comes once more: there is no row any more.
    await work(message(townId));
    expect(startsOf(townId)).toBe(1);
  });

  it('no row, no such town, a superseded epoch: nothing is done and nothing is said', async () => {
    const { townId } = await asking();
    const other = await asking();
    await fixture.reconcile(townId, { type: 'task_stopped', epoch: 1, reason: 'test' });
    await fixture.reconcile(townId);
    expect((await fixture.live(townId)).container.epoch).toBe(2);
    // The row of the old epoch, as a writer that knows no better would have left it.
    const stale = (await fixture.items()).find(
      ({ pk, sk }) => pk === `TOWN#${other.townId}` && sk === 'LIVE#OUTBOX#run_task:1',
    );
    expect(stale).toMatchObject({ effect: { type: 'run_task', epoch: 1 } });
    const Item = { ...stale, pk: `TOWN#${townId}` };
    await fixture.document.send(new PutCommand({ TableName: fixture.tableName, Item }));
    const startsBefore = fixture.tasks.starts.length;
    await work(message(townId), message(townId, 'stop_task:9'), message('no-such-town'));
    expect(fixture.tasks.starts.length).toBe(startsBefore);
    expect((await rowOf(townId))?.claimedUntil).toBeUndefined();
    expect(await factsOf(townId)).toEqual([]);
  });

  it('an effect that fails gives its claim back, reports why, and is done at the next try', async () => {
    const { townId } = await asking();
    fixture.tasks.behaviour = { kind: 'refuses' };
    expect(await work(message(townId))).toEqual({ batchItemFailures: [] });
    fixture.tasks.behaviour = { kind: 'starts' };
    expect((await rowOf(townId))?.claimedUntil).toBeUndefined();
    const [fact, ...others] = await factsOf(townId);
    expect(others).toEqual([]);
    const failed = { ok: false, code: 'Unavailable', message: 'it hiccups', retry: 'backoff' };
    expect(fact).toEqual({ type: 'effect_result', key: 'run_task:1', attempt: 1, result: failed });
    if (fact !== undefined) await fixture.reconcile(townId, fact);
    const why = await fixture.call('GET', `/v1/towns/${townId}/why`, {
      token: await fixture.userToken('owner'),
    });
    expect(JSON.stringify(why.body)).toContain('it hiccups');
    try {
      fixture.clock.offsetMs = 3_000;
      await fixture.reconcile(townId);
      expect((await rowOf(townId))?.attempt).toBe(2);
      await work({ ...message(townId), attempt: 2 });
      expect(await factsOf(townId)).toMatchObject([{ attempt: 2, result: { ok: true } }]);
    } finally {
      fixture.clock.offsetMs = 0;
    }
  });

  it('a platform without room is a condition of its own: shown as waiting for capacity, tried again later', async () => {
    const { townId } = await asking();
    const token = await fixture.userToken('owner');
    const get = async (what: string) =>
      (await fixture.call('GET', `/v1/towns/${townId}/${what}`, { token })).body;
    try {
      for (let times = 1; times <= 3; times += 1) {
        const { epoch } = (await fixture.live(townId)).container;
        fixture.tasks.behaviour = { kind: 'full' };
        await work(message(townId, `run_task:${epoch}`));
        fixture.tasks.behaviour = { kind: 'starts' };
        const refused = await factsOf(townId);
        expect(refused).toMatchObject([{ result: { ok: false, code: 'no_capacity', retry: 'backoff' } }]);
        await fixture.reconcile(townId, ...refused);
        // Until then a start may be under way.
        fixture.clock.offsetMs += 61_000;
        await work(message(townId, `stop_task:${epoch}`));
        await fixture.reconcile(townId, ...(await factsOf(townId)));
      }
      const { container, head } = await fixture.live(townId);
      expect([container.state, container.refused?.times]).toEqual(['starting', 3]);
      expect([container.failures, head.breaker, head.spent]).toEqual([0, undefined, undefined]);
      fixture.tasks.behaviour = { kind: 'full' };
      await work(message(townId, `run_task:${container.epoch}`));
      fixture.tasks.behaviour = { kind: 'starts' };
      await fixture.reconcile(townId, ...(await factsOf(townId)));
      fixture.clock.offsetMs += 61_000;
      await work(message(townId, `stop_task:${container.epoch}`));
      await fixture.reconcile(townId, ...(await factsOf(townId)));
      expect(await get('status')).toMatchObject({ container: { state: 'absent' }, capacity: { waiting: 1 } });
      expect(JSON.stringify(await get('why'))).toMatch(/"waitingOn":"capacity".*found no room.*RESOURCE:CPU/);
    } finally {
      fixture.clock.offsetMs = 0;
    }
  });

  it('a task that ends by itself is a fact, and the next epoch is asked for', async () => {
    const { townId } = await asking();
    fixture.tasks.behaviour = { kind: 'stops by itself', exitCode: 137 };
    await work(message(townId));
    fixture.tasks.behaviour = { kind: 'starts' };
    const facts = await factsOf(townId);
    expect(facts).toMatchObject([
      { type: 'task_stopped', epoch: 1, exitCode: 137 },
      { type: 'effect_result', result: { ok: true } },
    ]);
    await fixture.reconcile(townId, ...facts);
    expect((await fixture.live(townId)).container).toMatchObject({
      epoch: 2,
      state: 'starting',
      failures: 1,
    });
  });

  it('what is no message is dropped alone; what is newer goes back alone', async () => {
    const { townId } = await asking();
    const newer = { type: 'dance', v: 2, townId };
    const Records = ['{', 'null', '[]', { type: 'effect' }, newer, message(townId)].map((body) =>
      sqsRecord('effects', typeof body === 'string' ? body : JSON.stringify(body)),
    );
    const { batchItemFailures } = await fixture.worker({ Records });
    expect(batchItemFailures).toEqual([{ itemIdentifier: Records[4]?.messageId }]);
    expect(startsOf(townId)).toBe(1);
  });
});
