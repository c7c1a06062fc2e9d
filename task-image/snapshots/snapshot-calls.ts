import type {
  SnapshotChunk,
  SnapshotCommitAnswer,
  SnapshotManifest,
  SnapshotPlanAnswer,
  SnapshotRestoreAnswer,
} from '../../core/protocol/snapshots.ts';

/** What is asked of the control plane; everything throws as its other calls do. */
export interface SnapshotCalls {
  plan(agentId: string, chunks: readonly SnapshotChunk[], signal: AbortSignal): Promise<SnapshotPlanAnswer>;
  commit(agentId: string, manifest: SnapshotManifest, signal: AbortSignal): Promise<SnapshotCommitAnswer>;
  restore(
    agentId: string,
    request: { readonly runtime: string; readonly server: string; readonly from: number },
    signal: AbortSignal,
  ): Promise<SnapshotRestoreAnswer>;
}

/** Whose snapshot it is, and what can read it. */
export interface SnapshotIdentity {
  readonly townId: string;
  readonly agentId: string;
  readonly epoch: number;
  /** Version of the agent server. */
  readonly server: string;
}
