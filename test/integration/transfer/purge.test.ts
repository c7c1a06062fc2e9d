import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIds } from '../../../core/ids.ts';
import type { MessageFact } from '../../../core/facts/message.ts';
import { snapshotPrefix } from '../../../core/move/export-record.ts';
import { seconds } from '../../../core/town/instant.ts';
import { reconcile } from '../../../core/reconcile.ts';
import { exportTown } from '../../../lambdas/worker/export-town.ts';
import { purgeTown } from '../../../lambdas/worker/purge-town.ts';
import { runEffect } from '../../../lambdas/worker/run-effect.ts';
import type { TransferDeps } from '../../../lambdas/worker/transfer.ts';
import { makeTown, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

/** Everything in the table and in the bucket that speaks of the town. */
async function leftOf(townId: string): Promise<string[]> {
  const items = (await fixture.items()).filter((item) => JSON.stringify(item).includes(townId));
  const keys = (await fixture.objectKeys()).filter((key) => key.includes(townId));
  return [...items.map(({ pk, sk }) => `${String(pk)} ${String(sk)}`), ...keys];
}

/** A town with an export, snapshots, secrets, an import that made it, and a neighbour in the same table. */
async function doomedTown() {
  const made = await makeTown(fixture);
  const { townId } = made;
  await exportTown(fixture.deps, townId, uuidv7());
  await fixture.upload(`${snapshotPrefix(townId)}agent/1`, 'session');
  const { client, tableName, clock } = fixture;
  const put = (pk: string, sk: string, rest: object = {}) =>
    client.send(new PutCommand({ TableName: tableName, Item: { pk, sk, ...rest } }));
  await put(`TOWN#${townId}`, 'SECRET#model#1', { ciphertext: 'x' });
  await put(`TOWN#${townId}`, 'SNAPSHOT#agent');
  await put(`TOWN#${townId}`, 'QUARANTINE#1');
  await put('OWNER#maker', `IMPORT#${uuidv7()}`, { townId });
  const town = await fixture.store.live(townId);
  if (town === undefined) throw new Error('the town is not there');
  const subject = { kind: 'town', id: townId } as const;
  const edit = {
    rule: 'api/delete',
    subject,
    reason: 'deleted',
    by: 'maker',
    lifecycle: 'deleting',
  } as const;
  await fixture.store.edit(town, edit, clock.now);
  return made;
}

/** A worker that may die: from then on nothing that it does arrives. */
interface Worker {
  readonly deps: TransferDeps;
  readonly isDead: () => boolean;
}
const healthy = (deps: TransferDeps = fixture.deps): Worker => ({ deps, isDead: () => false });

/**
 * A worker whose calls of its ports are counted; it dies at one of them.
 * @param isDone whether that call has its effect
 */
function killedAt(failAt: number, isDone: boolean): Worker {
  let calls = 0;
  let isDead = false;
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          calls += 1;
          if (calls === failAt && isDone) await Reflect.apply(member, target, args);
          if (calls >= failAt) isDead = true;
          if (isDead) throw new Error('the worker is dead');
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
  const { store, objects, purge } = fixture.deps;
  const deps = { ...fixture.deps, store: wrap(store), objects: wrap(objects), purge: wrap(purge) };
  return { deps, isDead: () => isDead };
}

/** One wake-up of the town, with the facts that came, and the effects that it asked for. */
async function wake(townId: string, worker: Worker, facts: MessageFact[]): Promise<MessageFact[]> {
  const { store, clock } = fixture;
  const answers: MessageFact[] = [];
  const town = await store.live(townId);
  if (town === undefined) return answers;
  const outcome = reconcile(town, facts, clock.now, createIds(uuidv7(), clock.now));
  await store.commit(town, outcome, clock.now);
  const deps = {
    store: {
      ...store,
      async releaseOutbox(...args: Parameters<typeof store.releaseOutbox>) {
        if (!worker.isDead()) await store.releaseOutbox(...args);
      },
    },
    towns: {
      async send({ fact }: { fact?: MessageFact | undefined }) {
        if (fact !== undefined && !worker.isDead()) answers.push(fact);
      },
    },
    tasks: {
      run: () => Promise.reject(new Error('nothing starts in a town that is being deleted')),
      stop: async () => ({ state: 'stopped' as const, stopped: { reason: 'asked to' } }),
    },
    telemetry: { log: () => {}, count: () => {} },
    now: () => clock.now,
    transfer: worker.deps,
  };
  for (const { key } of outcome.send) await runEffect(deps, townId, key);
  return answers;
}

/** Wake-ups until the town is gone, a minute apart, as the sweeper sends them. A dead worker is followed by a healthy one. */
async function wakeUntilGone(townId: string, worker = healthy()): Promise<void> {
  let facts: MessageFact[] = [];
  for (let round = 1; round <= 60; round += 1) {
    facts = await wake(townId, worker.isDead() ? healthy() : worker, facts);
    if ((await fixture.store.head(townId)) === undefined) return;
    fixture.clock.now += seconds(61);
  }
  throw new Error(`not gone: ${(await leftOf(townId)).join('\n')}`);
}

test('a town goes with all that it keeps, and its neighbours stay', async () => {
  const neighbour = await makeTown(fixture);
  const before = await leftOf(neighbour.townId);
  const { townId } = await doomedTown();
  expect((await leftOf(townId)).length).toBeGreaterThan(15);
  await wakeUntilGone(townId);
  expect(await leftOf(townId)).toEqual([]);
  expect(await leftOf(neighbour.townId)).toEqual(before);
});

/** Calls of a deletion that nothing disturbs: head, dark, two prefixes, live, rows, head. */
const CALLS = [1, 2, 3, 4, 5, 6, 7] as const;
const moments = CALLS.flatMap((failAt) => [
  { failAt, isDone: false, when: 'before' },
  { failAt, isDone: true, when: 'after' },
]);

test.each(moments)(
  'a worker that dies $when call $failAt is followed by one that ends it',
  async ({ failAt, isDone }) => {
    const { townId } = await doomedTown();
    const worker = killedAt(failAt, isDone);
    await wakeUntilGone(townId, worker);
    expect(worker.isDead(), 'it did die').toBe(true);
    expect(await leftOf(townId)).toEqual([]);
  },
);

test('a deletion that takes too long goes on with the next try', async () => {
  const { townId } = await doomedTown();
  let asked = 0;
  const { purge } = fixture.deps;
  const slow = {
    ...fixture.deps,
    purge: {
      ...purge,
      removeLive: async (id: string, isTimeUp: () => boolean) => {
        asked += 1;
        return asked > 2 && (await purge.removeLive(id, isTimeUp));
      },
    },
  };
  await wakeUntilGone(townId, healthy(slow));
  expect(asked).toBe(3);
  expect(await leftOf(townId)).toEqual([]);
});

test('the wish is lost and the head is there: the town asks again', async () => {
  const { townId } = await doomedTown();
  const { client, tableName, clock } = fixture;
  const Key = { pk: `TOWN#${townId}`, sk: 'LIVE#OUTBOX#purge_town' };
  const worker = killedAt(1, false);
  let facts: MessageFact[] = [];
  for (let round = 1; round <= 10 && !worker.isDead(); round += 1) {
    facts = await wake(townId, worker, facts);
    clock.now += seconds(61);
  }
  expect((await fixture.items()).filter(({ pk, sk }) => pk === Key.pk && sk === Key.sk)).toHaveLength(1);
  await client.send(new DeleteCommand({ TableName: tableName, Key }));
  await wakeUntilGone(townId);
  expect(await leftOf(townId)).toEqual([]);
});

test('a town that nobody deletes is not purged, whatever is asked for', async () => {
  const made = await makeTown(fixture);
  const before = await leftOf(made.townId);
  await purgeTown(fixture.deps, made.townId);
  expect(await leftOf(made.townId)).toEqual(before);
});

test('an export that ends after its town was deleted takes its file away', async () => {
  const made = await doomedTown();
  const { deps } = fixture;
  const head = await deps.store.head(made.townId);
  if (head === undefined) throw new Error('no head');
  const { objects, store } = deps;
  const racing: TransferDeps = {
    ...deps,
    // It looked before the deletion was asked for.
    store: { ...store, head: async () => ({ ...head, lifecycle: 'active' }) },
    objects: {
      ...objects,
      async write(key, text) {
        await objects.write(key, text);
        await wakeUntilGone(made.townId);
        return objects.write(key, once('the last part arrives late'));
      },
    },
  };
  await exportTown(racing, made.townId, uuidv7());
  expect(await leftOf(made.townId)).toEqual([]);
});

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
