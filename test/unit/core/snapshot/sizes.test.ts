import { expect, test } from 'vitest';
import { manifestText } from '../../../../core/protocol/snapshot-verdict.ts';
import {
  CHUNK_BYTES,
  MAX_CHUNKS,
  MAX_STORED_CHUNK_BYTES,
  snapshotCommitRequest,
  snapshotPlanRequest,
} from '../../../../core/protocol/snapshots.ts';
import { MAX_BODY_BYTES } from '../../../../lambdas/http/parse-request.ts';
import { MAX_MANIFEST_BYTES } from '../../../../lambdas/container/snapshots/prune.ts';
import { MANIFEST } from './manifests.ts';

const chunks = Array.from({ length: MAX_CHUNKS }, () => ({
  hash: 'f'.repeat(64),
  bytes: MAX_STORED_CHUNK_BYTES,
}));
const manifest = {
  ...MANIFEST,
  townId: 't'.repeat(128),
  agentId: 'a'.repeat(128),
  databaseBytes: MAX_CHUNKS * CHUNK_BYTES,
  chunks,
};

test('a snapshot with as many chunks as it may have can be planned, committed and read again', () => {
  for (const body of [snapshotPlanRequest.parse({ chunks }), snapshotCommitRequest.parse({ manifest })])
    expect(JSON.stringify(body).length).toBeLessThan(MAX_BODY_BYTES);
  expect(manifestText(manifest).length).toBeLessThan(MAX_MANIFEST_BYTES);
});

test('one with more is refused', () => {
  const more = [...chunks, ...chunks.slice(0, 1)];
  expect(snapshotPlanRequest.safeParse({ chunks: more }).success).toBe(false);
});
