import * as z from 'zod';

/**
 * Snapshots of an agent's session database: chunks of the file, each an object that is named by the SHA-256 of its bytes, and a manifest
 * that lists them. The manifest is written once and never changed; the town knows the hash of the last good one.
 */
export const MANIFEST_FORMAT = 1;

/** Raised when a session that was kept would not be understood any more: other folders, other names. */
export const SESSION_RUNTIME = '1';

/** Of the database, before compression. */
export const CHUNK_BYTES = 64 * 1024;
/** What does not compress grows a little. */
export const MAX_STORED_CHUNK_BYTES = CHUNK_BYTES + 1024;
/** 128 MiB of database: the list of its chunks fits into a request. A larger one is not saved. */
export const MAX_CHUNKS = 2048;
/** An answer may have 6 MB, and an address that is signed with a role's session is up to 2 KB long. */
export const MAX_ADDRESSES = 500;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const version = z.string().min(1).max(64);

/** An object that holds a chunk: zstd of it. The hash is that of these bytes, so that an object cannot be another one. */
export const snapshotChunk = z.object({
  hash: sha256,
  bytes: z.number().int().min(1).max(MAX_STORED_CHUNK_BYTES),
});
export type SnapshotChunk = z.infer<typeof snapshotChunk>;

export const snapshotManifest = z.object({
  format: z.literal(MANIFEST_FORMAT),
  townId: z.string().max(128),
  agentId: z.string().max(128),
  /** Of the container that saved it. */
  epoch: z.number().int().positive(),
  /** Grows by one with each snapshot of the agent. */
  generation: z.number().int().positive(),
  /** `SESSION_RUNTIME` of the supervisor that saved it. */
  runtime: version,
  /** Of the agent server that wrote the database. */
  server: version,
  databaseBytes: z.number().int().positive(),
  databaseHash: sha256,
  /** In order; the same one may be there more than once. */
  chunks: z.array(snapshotChunk).min(1).max(MAX_CHUNKS),
});
export type SnapshotManifest = z.infer<typeof snapshotManifest>;

/** Body of POST /v1/container/snapshots/{agentId}/plan: the chunks of the snapshot to be, each once. */
export const snapshotPlanRequest = z.looseObject({ chunks: z.array(snapshotChunk).min(1).max(MAX_CHUNKS) });

export const snapshotPlanAnswer = z.looseObject({
  /** Of the snapshot to be. */
  generation: z.number().int().positive(),
  /** Chunks to upload with PUT within 15 minutes, with exactly their bytes and the header of `checksumHeader`. */
  uploads: z.array(z.looseObject({ hash: sha256, url: z.url() })).max(MAX_ADDRESSES),
  /** There are more than one answer holds: plan again when these are uploaded. */
  hasMore: z.boolean(),
});
export type SnapshotPlanAnswer = z.infer<typeof snapshotPlanAnswer>;

/** What an upload has to say of its content: the address is signed for it, and S3 refuses anything else. */
export const CHECKSUM_HEADER = 'x-amz-checksum-sha256';

/** Body of POST …/commit. The control plane stores the manifest when all its chunks are there. */
export const snapshotCommitRequest = z.looseObject({ manifest: snapshotManifest });

export const snapshotCommitAnswer = z.looseObject({
  generation: z.number().int().positive(),
  manifestHash: sha256,
});
export type SnapshotCommitAnswer = z.infer<typeof snapshotCommitAnswer>;

/** Why a snapshot is not used; the agent starts fresh then. */
export const snapshotRefusal = z.enum([
  'altered_manifest',
  'unreadable_manifest',
  'missing_manifest',
  'incomplete_manifest',
  'other_town',
  'other_agent',
  'other_generation',
  'later_epoch',
  'other_runtime',
  'other_server',
  'missing_chunk',
  'altered_chunk',
  'altered_database',
]);
export type SnapshotRefusal = z.infer<typeof snapshotRefusal>;

/** Body of POST …/restore. */
export const snapshotRestoreRequest = z.looseObject({
  runtime: version,
  server: version,
  /** Place of the first chunk whose address is asked for; 0 also gives the manifest. */
  from: z.number().int().min(0).max(MAX_CHUNKS).default(0),
});

export const snapshotRestoreAnswer = z.discriminatedUnion('state', [
  z.looseObject({ state: z.literal('none') }),
  z.looseObject({ state: z.literal('refused'), reason: snapshotRefusal }),
  z.looseObject({
    state: z.literal('found'),
    manifestHash: sha256,
    generation: z.number().int().positive(),
    epoch: z.number().int().positive(),
    /** The stored object as it is; with the first part only. */
    manifest: z.string().optional(),
    /** Where the chunks from the place that was asked for are, for 15 minutes. */
    urls: z.array(z.url()).max(MAX_ADDRESSES),
  }),
]);
export type SnapshotRestoreAnswer = z.infer<typeof snapshotRestoreAnswer>;
