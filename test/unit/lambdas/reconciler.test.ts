import type { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, sqsRecord, startFixture, type Fixture } from '../../integration/api/fixture.ts';

type Town = Awaited<ReturnType<Fixture['town']>>;

/** Breaks an item of the town, and repairs it: the town cannot be read in between. */
const breakTown = async (fixture: Fixture, townId: string) => {
  const Key = { pk: `TOWN#${townId}`, sk: 'LIVE#CONFIG' };
  const update = (rev: unknown) =>
    fixture.document.send(
      new UpdateCommand({
        TableName: fixture.tableName,
        Key,
        UpdateExpression: 'SET rev = :rev',
        ExpressionAttributeValues: { ':rev': rev },
      }),
    );
  await update('broken');
  return () => update(1);
};
const wakeUp = (townId: string, fact?: object): string => JSON.stringify({ v: 1, townId, fact });
const stopped = { type: 'task_stopped', epoch: 9, reason: 'test' };

describe('a message for a town that is not there', () => {
  it('leaves nothing behind, whatever it says', async () => {
    const fixture = await startFixture();
    try {
      const records = ['{', wakeUp('gone', { type: 'dance' }), wakeUp('gone', stopped)].map((body) =>
        sqsRecord('gone', body),
      );
      expect(await fixture.reconciler({ Records: records })).toEqual({ batchItemFailures: [] });
      expect((await fixture.items()).filter(({ pk }) => pk === 'TOWN#gone')).toEqual([]);
    } finally {
      await fixture.close();
    }
  });
});

describe("the reconciler's batches", () => {
  let fixture: Fixture;
  let good: Town;
  let bad: Town;
  beforeAll(async () => {
    fixture = await startFixture();
    [good, bad] = [await fixture.town('owner'), await fixture.town('owner')];
  });
  afterAll(() => fixture.close());

  const quarantined = async (townId: string) =>
    (await fixture.items()).filter(
      ({ pk, sk }) => pk === `TOWN#${townId}` && String(sk).startsWith('QUARANTINE#'),
    );
  const failuresOf = async (...records: ReturnType<typeof sqsRecord>[]): Promise<number[]> => {
    const { batchItemFailures } = await fixture.reconciler({ Records: records });
    return batchItemFailures
      .map(({ itemIdentifier }) => records.findIndex(({ messageId }) => messageId === itemIdentifier))
      .sort((a, b) => a - b);
  };

  it('what cannot be understood is kept for people and acknowledged, and blocks nobody of its group', async () => {
    const { townId } = good;
    const unreadable = [
      '{',
      '',
      'null',
      '{"v":1}',
      wakeUp(townId, { type: 'dance' }),
      '{"v":"1","townId":"x"}',
    ];
    const records = [...unreadable, wakeUp(townId)].map((body) => sqsRecord(townId, body));
    expect(await failuresOf(...records)).toEqual([]);
    const kept = await quarantined(townId);
    expect(kept.map(({ fact }) => String(fact)).sort()).toEqual([...unreadable].sort());
    expect((await fixture.live(townId)).head.dueAt).toBeUndefined();
  });

  it('what is newer goes back, with what follows it in its group, and nothing else', async () => {
    const { townId } = good;
    const newer = JSON.stringify({ v: 2, townId, fact: { type: 'of the future' } });
    const before = (await quarantined(townId)).length;
    const records = [
      sqsRecord(townId, wakeUp(townId)),
      sqsRecord(townId, newer),
      sqsRecord(bad.townId, wakeUp(bad.townId)),
      sqsRecord(townId, wakeUp(townId)),
      sqsRecord(townId, '{'),
    ];
    expect(await failuresOf(...records)).toEqual([1, 3, 4]);
    expect((await quarantined(townId)).length).toBe(before);
  });

  it('a town that is not there is dropped', async () => {
    const before = await fixture.items();
    expect(
      await failuresOf(sqsRecord('gone', wakeUp('gone')), sqsRecord('gone', wakeUp('gone', stopped))),
    ).toEqual([]);
    expect(await fixture.items()).toEqual(before);
  });

  it('a failing town fails all of its records and only those, ever longer, and why shows it until it works again', async () => {
    const { townId, token, path, rigId } = bad;
    await fixture.call('POST', `${path}/beads`, { token, body: { rigId, title: 'held', held: true } });
    const repair = await breakTown(fixture, townId);
    const records = [
      sqsRecord(townId, wakeUp(townId)),
      sqsRecord(good.townId, wakeUp(good.townId)),
      sqsRecord(townId, wakeUp(townId, stopped)),
      sqsRecord(townId, '{'),
      sqsRecord(townId, wakeUp(townId, stopped)),
    ];
    const delays: number[] = [];
    for (let time = 1; time <= 6; time += 1) {
      expect(await failuresOf(...records)).toEqual([0, 2, 4]);
      const head = await fixture.store.head(townId);
      expect(head?.failure).toMatchObject({ count: time, error: expect.stringContaining('cannot be read') });
      delays.push(Math.round(((head?.dueAt ?? 0) - Date.now()) / 1000));
    }
    expect(delays).toEqual([5, 25, 125, 600, 600, 600]);
    expect((await fixture.store.head(townId))?.failure?.since).toBeLessThanOrEqual(Date.now());
    expect((await fixture.store.head(good.townId))?.failure).toBeUndefined();
    await repair();
    const why = await fixture.call('GET', `${path}/why`, { token });
    expect(why.body).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          subject: expect.objectContaining({ kind: 'town' }),
          state: 'needs_attention',
          rule: 'reconcile',
          who: 'platform',
          reason: expect.stringContaining('the last 6 reconciles failed'),
        }),
      ]),
    });
    await fixture.reconcile(townId, { type: 'task_stopped', epoch: 9, reason: 'test' });
    expect((await fixture.store.head(townId))?.failure).toBeUndefined();
    const after = await fixture.call('GET', `${path}/why`, { token });
    expect(JSON.stringify(after.body)).not.toContain('reconciles failed');
  });
});

describe('redelivery', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ isRunning: true });
  });
  afterAll(() => fixture.close());

  it('a failing message comes again after 1, 5 and 20 s', async () => {
    const { townId } = await fixture.town('owner');
    const delays: { seconds: number | undefined; at: number }[] = [];
    fixture.sqs.middlewareStack.add(
      (next) => (args) => {
        const { VisibilityTimeout: seconds } = args.input as ChangeMessageVisibilityCommand['input'];
        if ('ReceiptHandle' in args.input) delays.push({ seconds, at: performance.now() });
        return next(args);
      },
      { step: 'initialize', name: 'watchVisibility' },
    );
    const repair = await breakTown(fixture, townId);
    await fixture.towns.send({ v: 1, townId, fact: { type: 'task_stopped', epoch: 9, reason: 'test' } });
    await eventually('it has failed three times', () => (delays.length >= 3 ? true : undefined), 15_000);
    await repair();
    expect(delays.map(({ seconds }) => seconds)).toEqual([1, 5, 20]);
    const [first = 0, second = 0, third = 0] = delays.map(({ at }) => at);
    expect(second - first).toBeGreaterThan(900);
    expect(third - second).toBeGreaterThan(4_900);
    expect((await fixture.store.head(townId))?.failure).toMatchObject({ count: 3 });
  });
});
