import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { uuidv7 } from 'uuidv7';
import { createIds } from '../../../core/ids.ts';
import { IMPORT_LIFE_DAYS, importKey } from '../../../core/move/import-record.ts';
import { reconcile } from '../../../core/reconcile.ts';
import type { Bead } from '../../../core/town/bead.ts';
import { createExportStore } from '../../../lambdas/adapters/dynamodb/exports.ts';
import { createImportStore } from '../../../lambdas/adapters/dynamodb/imports.ts';
import { createPurgeStore } from '../../../lambdas/adapters/dynamodb/purge.ts';
import { createTownStore } from '../../../lambdas/adapters/dynamodb/store.ts';
import { ensureTable } from '../../../lambdas/adapters/dynamodb/table.ts';
import { createObjectStore } from '../../../lambdas/adapters/s3/object-store.ts';
import { checkGitUrl } from '../../../lambdas/api/git-url.ts';
import { exportTown } from '../../../lambdas/worker/export-town.ts';
import { importTown } from '../../../lambdas/worker/import-town.ts';
import type { TransferDeps } from '../../../lambdas/worker/transfer.ts';
import { startEmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { documentClient, embeddedDynamoDb } from '../../../local/embedded-clients.ts';
import { startEmbeddedAws } from '../../../local/queues/embedded-aws.ts';
import { openTownBucket } from '../../../local/storage/town-bucket.ts';
import { noUsage } from '../../../core/town/usage.ts';
import { scan } from '../api/table.ts';

export const NOW = Date.UTC(2026, 0, 5);
const TABLE = 'transfer';

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

/** The real adapters on the embedded DynamoDB and S3; time stands still unless a test moves it. */
export async function startFixture() {
  const dataDir = await mkdtemp(join(tmpdir(), 'gastown-transfer-'));
  const dynamodb = await startEmbeddedDynamoDb();
  const aws = await startEmbeddedAws({ s3StorageDir: join(dataDir, 's3') });
  const raw = embeddedDynamoDb(dynamodb.endpoint);
  await ensureTable(raw, TABLE);
  const client = documentClient(raw);
  const options = { client, tableName: TABLE };
  const { s3, bucket } = await openTownBucket(aws.s3Endpoint);
  const store = createTownStore({ ...options, codeVersion: 'test' });
  const clock = { now: NOW };
  const deps: TransferDeps = {
    store,
    objects: createObjectStore(s3, bucket),
    exports: createExportStore(options),
    imports: createImportStore(options),
    purge: createPurgeStore(options),
    telemetry: { log: () => {}, count: () => {} },
    now: () => clock.now,
    codeVersion: 'test',
    checkGitUrl: (gitUrl) => checkGitUrl(gitUrl, false),
  };
  const upload = (key: string, body: string | Uint8Array) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  return {
    store,
    deps,
    clock,
    client,
    tableName: TABLE,
    upload,
    s3Endpoint: aws.s3Endpoint,
    items: () => scan(client, TABLE),
    async objectKeys(): Promise<string[]> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents.flatMap(({ Key }) => Key ?? []);
    },
    /** One step of the town as the reconciler takes it. */
    async step(townId: string): Promise<void> {
      const town = await store.live(townId);
      if (town === undefined) throw new Error(`there is no town ${townId}`);
      await store.commit(town, reconcile(town, [], clock.now, createIds(uuidv7(), clock.now)), clock.now);
    },
    /** The lines of the town as an export writes them. */
    async exported(townId: string): Promise<string[]> {
      const exportId = uuidv7();
      await exportTown(deps, townId, exportId);
      const { key } = (await deps.exports.exportOf(townId, exportId)) ?? {};
      const file = await deps.objects.describe(key ?? '');
      const pieces: Uint8Array[] = [];
      for await (const piece of deps.objects.read(key ?? '', file?.etag ?? '')) pieces.push(piece);
      return Buffer.concat(pieces).toString().trimEnd().split('\n');
    },
    /** Uploads a file and imports it; says what became of it. */
    async imported(
      body: string | Uint8Array,
      { ownerId = 'importer', orgIds = [] }: { ownerId?: string; orgIds?: string[] } = {},
    ) {
      const importId = uuidv7();
      const expiresAt = NOW / 1000 + IMPORT_LIFE_DAYS * 86_400;
      const times = { createdAt: NOW, updatedAt: NOW, expiresAt };
      await deps.imports.addImport(ownerId, { id: importId, state: 'waiting', orgIds, ...times });
      await upload(importKey(importId), body);
      await importTown(deps, ownerId, importId);
      const record = await deps.imports.importOf(ownerId, importId);
      if (record === undefined) throw new Error('the import is gone');
      return record;
    },
    async close(): Promise<void> {
      s3.destroy();
      await aws.close();
      await dynamodb.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export const beadOf = (rigId: string, over: Partial<Bead> = {}): Bead => ({
  id: uuidv7(),
  rev: 1,
  type: 'issue',
  rigId,
  title: 'A bead',
  hasBody: false,
  status: 'open',
  statusSince: NOW,
  priority: 'medium',
  labels: [],
  isHeld: false,
  dependsOn: [],
  attempt: 0,
  doneRefusals: 0,
  usage: noUsage,
  createdBy: 'maker',
  createdAt: NOW,
  updatedAt: NOW,
  ...over,
});

/** A town with a rig, a convoy of two beads of which one needs the other, a lone bead with a text, and some history. */
export async function makeTown({ store, step }: Pick<Fixture, 'store' | 'step'>, ownerId = 'maker') {
  const [townId, rigId, convoyId] = [uuidv7(), uuidv7(), uuidv7()];
  const head = { id: townId, name: 'Gas', ownerId, orgId: 'org-1' };
  const config = { rev: 1, refinery: { gates: ['true'] }, secrets: { 'gitAuth.githubToken': 'v1' } };
  await store.createTown({ head, config, at: NOW });
  const rig = {
    id: rigId,
    rev: 1,
    name: 'app',
    gitUrl: 'https://git.example/app.git',
    defaultBranch: 'main',
    config: {},
    createdAt: NOW,
    updatedAt: NOW,
  };
  const first = beadOf(rigId, { convoyId, title: 'First' });
  const second = beadOf(rigId, { convoyId, title: 'Second', dependsOn: [{ id: first.id, outcome: 'open' }] });
  const lone = beadOf(rigId, { hasBody: true, title: `After ${first.id}` });
  const cancelled = beadOf(rigId, { title: 'Cancelled' });
  const convoy = {
    id: convoyId,
    rev: 1,
    rigId,
    title: 'Convoy',
    mode: 'review-then-land' as const,
    state: 'active' as const,
    stateSince: NOW,
    featureBranch: 'convoy/convoy/12345678/head',
    beads: [first, second].map(({ id }) => ({ id, outcome: 'open' as const })),
    landingAttempts: 0,
    createdBy: 'maker',
    createdAt: NOW,
    updatedAt: NOW,
  };
  const town = await store.live(townId);
  if (town === undefined) throw new Error('the town was not made');
  const bodies = new Map([[lone.id, `What ${first.id} left open. Not ours: ${FOREIGN_ID}. Umlaute: äöü.`]]);
  await store.create(
    town,
    { rigs: [rig], beads: [first, second, lone, cancelled], convoys: [convoy], bodies },
    NOW,
  );
  const statement = { type: 'bead_cancelled', beadId: cancelled.id, as: 'closed', by: 'maker' } as const;
  await store.addInbox(townId, { id: uuidv7(), at: NOW, statement });
  await step(townId);
  return { townId, rigId, convoyId, first, second, lone, cancelled };
}

export const FOREIGN_ID = '0191d3c5-0000-7000-8000-000000000001';
