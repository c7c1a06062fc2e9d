import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Unavailable, VersionConflict } from '../../../core/errors.ts';
import type { TownStore } from '../../../core/ports.ts';
import { createTownStore } from '../../../lambdas/adapters/dynamodb/store.ts';
import { startEmbeddedDynamoDb, type EmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { startFaultyProxy, type Fault, type FaultyProxy } from './faulty-proxy.ts';
import { clientFor, subjectAt, type StoreSubject } from './subject.ts';
import { act, bead, drafted, liveTown, newTown, NOW, statement } from './towns.ts';

const cancelled = (...codes: string[]): Fault => ({
  kind: 'error',
  type: 'TransactionCanceledException',
  more: { CancellationReasons: codes.map((Code) => ({ Code })) },
});
const error = (type: string, status?: number): Fault => ({
  kind: 'error',
  type,
  ...(status === undefined ? {} : { status }),
});
/** More than the store and the SDK try together. */
const FOR_GOOD = 50;

describe('a store whose database has a bad day', () => {
  let server: EmbeddedDynamoDb;
  let proxy: FaultyProxy;
  let subject: StoreSubject;
  let store: TownStore;
  let townId: string;
  let pk: string;
  beforeAll(async () => {
    server = await startEmbeddedDynamoDb();
    subject = await subjectAt(server.endpoint);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    proxy = await startFaultyProxy(server.endpoint);
    const { tableName } = subject;
    store = createTownStore({ client: clientFor(proxy.endpoint), tableName, codeVersion: 'test' });
    ({ townId, pk } = await newTown(subject.store));
    return () => proxy.close();
  });

  const commit = (): Promise<void> => act(store, townId, NOW, (draft) => draft.put('bead', bead('b1')));
  const create = async (): Promise<void> =>
    store.create(await liveTown(store, townId), { beads: [bead('b1')] }, NOW);
  const say = (): Promise<void> => store.addInbox(townId, statement('i1'));

  const refusals = [
    {
      call: 'commit',
      run: commit,
      fault: cancelled('TransactionConflict', 'None'),
      as: VersionConflict,
      tries: 1,
    },
    {
      call: 'commit',
      run: commit,
      fault: cancelled('ConditionalCheckFailed'),
      as: VersionConflict,
      tries: 1,
    },
    {
      call: 'commit',
      run: commit,
      fault: cancelled('TransactionConflict', 'ConditionalCheckFailed'),
      as: VersionConflict,
      tries: 1,
    },
    { call: 'commit', run: commit, fault: cancelled('None', 'ThrottlingError'), as: Unavailable, tries: 1 },
    {
      call: 'create',
      run: create,
      fault: cancelled('None', 'TransactionConflict'),
      as: Unavailable,
      tries: 6,
    },
    {
      call: 'create',
      run: create,
      fault: cancelled('ConditionalCheckFailed'),
      as: VersionConflict,
      tries: 1,
    },
  ];
  it.each(refusals)('$call: $fault.more → $as.name after $tries tries', async ({ run, fault, as, tries }) => {
    const before = await subject.items(pk);
    proxy.fail('TransactWriteItems', fault, FOR_GOOD);
    await expect(run()).rejects.toBeInstanceOf(as);
    expect(proxy.calls('TransactWriteItems')).toBe(tries);
    expect(await subject.items(pk)).toEqual(before);
  });

  const outages = [
    { call: 'head', operation: 'GetItem', fault: error('ThrottlingException') },
    { call: 'head', operation: 'GetItem', fault: error('InternalServerError', 500) },
    { call: 'head', operation: 'GetItem', fault: error('ServiceUnavailable', 503) },
    { call: 'say', operation: 'PutItem', fault: error('ProvisionedThroughputExceededException') },
    { call: 'say', operation: 'UpdateItem', fault: error('RequestLimitExceeded') },
    { call: 'commit', operation: 'TransactWriteItems', fault: error('TransactionInProgressException') },
    { call: 'commit', operation: 'Query', fault: { kind: 'lost answer' } as const },
  ];
  it.each(outages)('$call: $operation with $fault.kind $fault.type is Unavailable', async (row) => {
    const run = { head: () => store.head(townId), say, commit }[row.call];
    proxy.fail(row.operation, row.fault, FOR_GOOD);
    await expect(run?.()).rejects.toBeInstanceOf(Unavailable);
  });

  it('is Unavailable when nobody listens', async () => {
    await proxy.close();
    await expect(store.head(townId)).rejects.toBeInstanceOf(Unavailable);
    proxy = await startFaultyProxy(server.endpoint);
  });

  it('waits for other transactions, and gives up after five more tries', async () => {
    proxy.fail('TransactWriteItems', cancelled('TransactionConflict'), 5);
    await create();
    proxy.fail('UpdateItem', error('TransactionConflictException'), 5);
    await say();
    expect((await store.head(townId))?.version).toBe(3);
    proxy.fail('UpdateItem', error('TransactionConflictException'), FOR_GOOD);
    await expect(say()).rejects.toBeInstanceOf(Unavailable);
    expect(proxy.calls('UpdateItem')).toBe(12);
    // The statement stands; the same one again only bumps the head.
    expect((await liveTown(store, townId)).inbox).toHaveLength(1);
  });

  it('commits once when the answer is lost', async () => {
    const town = await liveTown(store, townId);
    proxy.fail('TransactWriteItems', { kind: 'lost answer' }, 1);
    await store.commit(
      town,
      drafted(town, NOW, (draft) => draft.put('bead', bead('b1'))),
      NOW,
    );
    expect(proxy.calls('TransactWriteItems')).toBe(2);
    expect((await store.head(townId))?.version).toBe(2);
    proxy.fail('UpdateItem', { kind: 'lost answer' }, 1);
    await act(store, townId, NOW, () => {}, { dueAt: NOW + 5 });
    expect(await store.head(townId)).toMatchObject({ version: 2, dueAt: NOW + 5 });
  });
});
