import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../unit/core/snapshot/manifests.ts';
import type { SnapshotManifest } from '../../../core/protocol/snapshots.ts';
import { createSnapshotStore } from '../../../lambdas/adapters/dynamodb/snapshots.ts';
import { createSnapshotObjects } from '../../../lambdas/adapters/s3/snapshot-objects.ts';
import { plan } from '../../../lambdas/container/snapshots/plan.ts';
import { databaseOf } from '../../../task-image/snapshots/session-database.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { newHome, townWithMayor, type Container, type Logged, type MayorTown } from './scene.ts';
import { openSessionDatabase } from './session-database.ts';

/** From a supervisor's home through the front and the bucket into the home of the next one. */

let fixture: Fixture;
const homes: string[] = [];
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(async () => {
  await fixture.close();
  for (const home of homes) await rm(home, { recursive: true, force: true });
});

async function home(): Promise<string> {
  const made = await newHome();
  homes.push(made);
  return made;
}
const KB = 1024;
const HALF_UPLOAD = fileURLToPath(new URL('half-upload.ts', import.meta.url));

/** A home with a session. */
async function homeWithSession(
  bytes = 300 * KB,
  about = '',
): Promise<{ home: string; texts: string[]; grow: (bytes: number) => void }> {
  const place = await home();
  const grow = (more: number): string[] => {
    const database = openSessionDatabase(place, about);
    database.grow(more);
    const texts = database.texts();
    database.close();
    return texts;
  };
  return { home: place, texts: grow(bytes), grow };
}
function textsIn(place: string): string[] {
  const database = openSessionDatabase(place);
  const texts = database.texts();
  database.close();
  return texts;
}

const prefixOf = ({ townId, agentId }: MayorTown): string => `snapshots/${townId}/${agentId}/`;
async function keysOf(town: MayorTown): Promise<string[]> {
  const { s3, bucket: Bucket } = fixture;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefixOf(town) }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}
async function readObject(Key: string): Promise<Uint8Array> {
  const { Body } = await fixture.s3.send(new GetObjectCommand({ Bucket: fixture.bucket, Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}
const writeObject = (Key: string, Body: Uint8Array | string) =>
  fixture.s3.send(new PutObjectCommand({ Bucket: fixture.bucket, Key, Body }));
const removeObject = (Key: string) =>
  fixture.s3.send(new DeleteObjectCommand({ Bucket: fixture.bucket, Key }));

const store = () => createSnapshotStore({ client: fixture.document, tableName: fixture.tableName });
/** What the town believes is the last good snapshot, behind its back. */
async function setRow({ townId, agentId }: MayorTown, values: Record<string, unknown>): Promise<void> {
  for (const [name, value] of Object.entries(values))
    await fixture.document.send(
      new UpdateCommand({
        TableName: fixture.tableName,
        Key: { pk: `TOWN#${townId}`, sk: `SNAPSHOT#${agentId}` },
        UpdateExpression: 'SET #n = :v',
        ExpressionAttributeNames: { '#n': name },
        ExpressionAttributeValues: { ':v': value },
      }),
    );
}

const lastOf = ({ logged }: { logged: Logged[] }): Logged | undefined => logged.at(-1);

/** A town with one snapshot, whose container is lost. */
async function savedTown() {
  const town = await townWithMayor(fixture);
  const session = await homeWithSession();
  const saver = (await town.container()).snapshots(session.home);
  await saver.finish(true);
  expect(lastOf(saver)?.message).toBe('agent.snapshot_saved');
  await town.lose();
  return { town, session };
}

async function restoreInto(container: Container, over: { server?: string } = {}) {
  const place = await home();
  const restorer = container.snapshots(place, over);
  const hasSession = await restorer.restore();
  return { place, hasSession, last: lastOf(restorer) };
}

describe('a session', () => {
  it('is saved while its server has it open, and is there in the next container', async () => {
    const town = await townWithMayor(fixture);
    const first = await home();
    const database = openSessionDatabase(first);
    database.grow(300 * KB);
    const saver = (await town.container()).snapshots(first);
    await saver.finish(true);
    const texts = database.texts();
    database.close();
    expect(saver.logged).toMatchObject([
      { message: 'agent.snapshot_saved', fields: { generation: 1, agentId: town.agentId } },
    ]);
    await town.lose();
    const { place, hasSession, last } = await restoreInto(await town.container());
    expect(hasSession).toBe(true);
    expect(last).toMatchObject({ message: 'mayor.snapshot_restored', fields: { generation: 1 } });
    expect(textsIn(place)).toEqual(texts);
  });

  it('is uploaded only where it has changed; the manifest before goes, and a session that is there is not replaced', async () => {
    const { town, session } = await savedTown();
    const before = await keysOf(town);
    const container = await town.container();
    const next = container.snapshots(session.home);
    expect(await next.restore()).toBe(true);
    expect(next.logged).toEqual([]);
    await next.finish(true);
    expect(lastOf(next)?.fields).toMatchObject({ generation: 2, uploadedBytes: 0 });
    session.grow(20 * KB);
    const again = container.snapshots(session.home);
    await again.finish(true);
    expect(lastOf(again)?.fields['uploadedBytes']).toBeLessThan(250 * KB);
    expect(lastOf(again)?.fields).toMatchObject({ generation: 3 });
    const after = await keysOf(town);
    expect(after.filter((key) => key.includes('/manifests/'))).toHaveLength(1);
    expect(after).toEqual(expect.arrayContaining(before.filter((key) => key.includes('/chunks/'))));
  });

  it('without a snapshot, or without a database, is no error', async () => {
    const town = await townWithMayor(fixture);
    const empty = (await town.container()).snapshots(await home());
    await empty.finish(true);
    expect(await empty.restore()).toBe(false);
    expect(empty.logged).toEqual([]);
  });

  it('that is too large goes on without being saved, and says so', async () => {
    const town = await townWithMayor(fixture);
    const { home: place } = await homeWithSession(1);
    const database = new DatabaseSync(databaseOf(place));
    database.exec(`CREATE TABLE large AS SELECT zeroblob(${129 * KB * KB}) AS data`);
    database.close();
    const saver = (await town.container()).snapshots(place);
    await saver.finish(true);
    expect(saver.logged).toMatchObject([
      {
        message: 'agent.snapshot_failed',
        fields: { failures: 1, error: expect.stringContaining('more than') },
      },
    ]);
  });
});

describe('what is not the last good snapshot of this agent, whole, is refused, and the mayor starts fresh', () => {
  let town: MayorTown;
  let container: Container;
  let whole: { objects: Map<string, Uint8Array>; row: Record<string, unknown> };
  beforeAll(async () => {
    town = (await savedTown()).town;
    container = await town.container();
    const row = await store().snapshotOf(town.townId, town.agentId);
    const objects = new Map<string, Uint8Array>();
    for (const key of await keysOf(town)) objects.set(key, await readObject(key));
    whole = { objects, row: { ...row } };
  });
  afterEach(async () => {
    for (const key of await keysOf(town)) if (!whole.objects.has(key)) await removeObject(key);
    for (const [key, bytes] of whole.objects) await writeObject(key, bytes);
    await setRow(town, whole.row);
  });
  const aChunk = async (town: MayorTown): Promise<string> =>
    (await keysOf(town)).find((key) => key.includes('/chunks/')) ?? '';
  const theManifest = async (town: MayorTown): Promise<string> =>
    (await keysOf(town)).find((key) => key.includes('/manifests/')) ?? '';
  /** A manifest that the town takes for the last one. */
  const pretend = async (town: MayorTown, change: Partial<SnapshotManifest>): Promise<void> => {
    const manifest = JSON.parse(Buffer.from(await readObject(await theManifest(town))).toString()) as object;
    const text = JSON.stringify({ ...manifest, ...change });
    await writeObject(`${prefixOf(town)}manifests/${sha256(text)}.json`, text);
    await setRow(town, { manifestHash: sha256(text) });
  };

  it.each<[string, (town: MayorTown) => Promise<unknown>, string]>([
    [
      'a chunk is cut off',
      async (town) => {
        const key = await aChunk(town);
        return writeObject(key, (await readObject(key)).slice(0, -1));
      },
      'altered_chunk',
    ],
    ['a chunk is gone', async (town) => removeObject(await aChunk(town)), 'missing_chunk'],
    [
      'a byte of a chunk differs',
      async (town) => {
        const key = await aChunk(town);
        const bytes = await readObject(key);
        bytes[20] = (bytes[20] ?? 0) ^ 1;
        return writeObject(key, bytes);
      },
      'altered_chunk',
    ],
    [
      'the manifest differs',
      async (town) => {
        const key = await theManifest(town);
        return writeObject(
          key,
          Buffer.from(await readObject(key))
            .toString()
            .replace('"epoch":1', '"epoch":2'),
        );
      },
      'altered_manifest',
    ],
    [
      'the manifest is cut off',
      async (town) => {
        const key = await theManifest(town);
        return writeObject(key, (await readObject(key)).slice(0, 100));
      },
      'altered_manifest',
    ],
    ['the manifest is gone', async (town) => removeObject(await theManifest(town)), 'missing_manifest'],
    ['it is of another agent', (town) => pretend(town, { agentId: 'somebody' }), 'other_agent'],
    ['it is of another town', (town) => pretend(town, { townId: 'somewhere' }), 'other_town'],
    ['it is of an older generation', (town) => setRow(town, { generation: 2 }), 'other_generation'],
    [
      'it is of a later epoch',
      async (town) => {
        await pretend(town, { epoch: 9 });
        return setRow(town, { epoch: 9 });
      },
      'later_epoch',
    ],
    ['it is of another runtime', (town) => pretend(town, { runtime: '0' }), 'other_runtime'],
    ['it is of another server', (town) => pretend(town, { server: '7.7.6' }), 'other_server'],
    [
      'chunks are in another order',
      async (town) => {
        const { chunks } = JSON.parse(
          Buffer.from(await readObject(await theManifest(town))).toString(),
        ) as SnapshotManifest;
        const [first, second, ...others] = chunks;
        if (first === undefined || second === undefined) throw new Error('too few chunks');
        return pretend(town, { chunks: [second, first, ...others] });
      },
      'altered_database',
    ],
  ])('%s', async (_, spoil, reason) => {
    await spoil(town);
    const { place, hasSession, last } = await restoreInto(container);
    expect(hasSession).toBe(false);
    expect(last).toMatchObject({ message: 'mayor.snapshot_refused', fields: { reason } });
    expect(existsSync(databaseOf(place))).toBe(false);
  });

  it('by a server of another version', async () => {
    const { last } = await restoreInto(container, { server: '7.8.0' });
    expect(last).toMatchObject({ message: 'mayor.snapshot_refused', fields: { reason: 'other_server' } });
  });

  it('and as it was, it is taken', async () => {
    expect((await restoreInto(container)).hasSession).toBe(true);
  });
});

describe('who may', () => {
  const chunks = [{ hash: sha256('x'), bytes: 10 }];
  const signal = AbortSignal.timeout(60_000);

  it('a container that is not the town’s any more neither saves nor restores', async () => {
    const town = await townWithMayor(fixture);
    const { controlPlane } = await town.container();
    await town.lose();
    const superseded = { isSuperseded: true };
    await expect(controlPlane.snapshots.plan(town.agentId, chunks, signal)).rejects.toMatchObject(superseded);
    await expect(
      controlPlane.snapshots.restore(town.agentId, { runtime: '1', server: '1', from: 0 }, signal),
    ).rejects.toMatchObject(superseded);
  });

  it('an agent of another town is not found', async () => {
    const [town, other] = [await townWithMayor(fixture), await townWithMayor(fixture)];
    const { controlPlane } = await town.container();
    const notFound = { status: 404 };
    await expect(controlPlane.snapshots.plan(other.agentId, chunks, signal)).rejects.toMatchObject(notFound);
    await expect(
      controlPlane.snapshots.restore(other.agentId, { runtime: '1', server: '1', from: 0 }, signal),
    ).rejects.toMatchObject(notFound);
  });

  it('addresses take one object of this length and content, for 15 minutes', async () => {
    const town = await townWithMayor(fixture);
    const { controlPlane } = await town.container();
    const { uploads, generation, hasMore } = await controlPlane.snapshots.plan(town.agentId, chunks, signal);
    expect({ generation, hasMore, count: uploads.length }).toEqual({
      generation: 1,
      hasMore: false,
      count: 1,
    });
    const url = new URL(uploads[0]?.url ?? '');
    expect(url.pathname).toBe(`/${fixture.bucket}/${prefixOf(town)}chunks/${chunks[0]?.hash}`);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host;x-amz-checksum-sha256');
  });

  it('a snapshot without its chunks, not the next one, or of somebody else is not taken', async () => {
    const { town } = await savedTown();
    const { controlPlane, epoch } = await town.container();
    const good: SnapshotManifest = {
      format: 1,
      townId: town.townId,
      agentId: town.agentId,
      epoch,
      generation: 2,
      runtime: '1',
      server: '1',
      databaseBytes: 100,
      databaseHash: sha256('x'),
      chunks,
    };
    const before = await store().snapshotOf(town.townId, town.agentId);
    for (const [change, status] of [
      [{}, 409],
      [{ generation: 1 }, 409],
      [{ generation: 3 }, 409],
      [{ agentId: 'somebody' }, 400],
      [{ epoch: 1 }, 400],
      [{ databaseBytes: 100_000 }, 400],
    ] as const)
      await expect(
        controlPlane.snapshots.commit(town.agentId, { ...good, ...change }, signal),
      ).rejects.toMatchObject({ status });
    expect(await store().snapshotOf(town.townId, town.agentId)).toEqual(before);
  });

  it('the same commit again is the same answer', async () => {
    const { town } = await savedTown();
    const [key = ''] = (await keysOf(town)).filter((one) => one.includes('/manifests/'));
    const manifest = JSON.parse(Buffer.from(await readObject(key)).toString()) as SnapshotManifest;
    const { controlPlane, epoch } = await town.container();
    const next = { ...manifest, epoch, generation: 2 };
    const first = await controlPlane.snapshots.commit(town.agentId, next, signal);
    expect(await controlPlane.snapshots.commit(town.agentId, next, signal)).toEqual(first);
    expect(await store().snapshotOf(town.townId, town.agentId)).toMatchObject(first);
  });
});

it(
  'a supervisor that is killed while it uploads leaves the snapshot before',
  { timeout: 30_000 },
  async () => {
    const { town, session } = await savedTown();
    const epoch = (await fixture.live(town.townId)).container.epoch;
    const bootstrapToken = await fixture.tokens.bootstrapToken({ townId: town.townId, epoch });
    const before = await keysOf(town);
    const grown = await homeWithSession(400 * KB, 'something else');
    const args = [
      HALF_UPLOAD,
      fixture.apiUrl,
      bootstrapToken,
      town.townId,
      town.agentId,
      `${epoch}`,
      grown.home,
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const chunk of child.stdout) if (String(chunk).includes('half')) break;
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await keysOf(town)).length).toBeGreaterThan(before.length);
    await town.lose();
    const { place, hasSession, last } = await restoreInto(await town.container());
    expect(hasSession).toBe(true);
    expect(last?.fields).toMatchObject({ generation: 1 });
    expect(textsIn(place)).toEqual(session.texts);
  },
);

it('a plan uploads again what is older than 12 h, and prunes what nobody lists and is older than 24 h', async () => {
  const { town, session } = await savedTown();
  const other = await homeWithSession(100 * KB);
  await (await town.container()).snapshots(other.home).finish(true);
  const listed = (await keysOf(town)).filter((key) => key.includes('/chunks/'));
  const [manifestKey = ''] = (await keysOf(town)).filter((key) => key.includes('/manifests/'));
  const manifest = JSON.parse(Buffer.from(await readObject(manifestKey)).toString()) as SnapshotManifest;
  await writeObject(`${prefixOf(town)}manifests/of-a-try-that-failed.json`, '{}');

  const planAt = (hours: number) =>
    plan(
      {
        store: fixture.store,
        snapshots: store(),
        snapshotObjects: createSnapshotObjects(fixture.s3, fixture.bucket),
        now: () => Date.now() + hours * 3_600_000,
      },
      { ...town, epoch: 2 },
      manifest.chunks,
    );
  expect((await planAt(11)).uploads).toEqual([]);
  expect((await planAt(13)).uploads).toHaveLength(manifest.chunks.length);
  expect((await keysOf(town)).filter((key) => key.includes('/chunks/'))).toEqual(listed);
  await planAt(25);
  const left = await keysOf(town);
  expect(left.toSorted()).toEqual(
    [
      ...new Set([manifestKey, ...manifest.chunks.map(({ hash }) => `${prefixOf(town)}chunks/${hash}`)]),
    ].toSorted(),
  );
  expect(session.texts.length).toBeGreaterThan(0);
});
