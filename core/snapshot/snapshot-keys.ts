import { snapshotPrefix } from '../move/export-record.ts';

/** Everything of one agent. */
export const agentSnapshotPrefix = (townId: string, agentId: string): string =>
  `${snapshotPrefix(townId)}${agentId}/`;
export const chunkPrefix = (townId: string, agentId: string): string =>
  `${agentSnapshotPrefix(townId, agentId)}chunks/`;
export const chunkKey = (townId: string, agentId: string, hash: string): string =>
  chunkPrefix(townId, agentId) + hash;
export const manifestKey = (townId: string, agentId: string, hash: string): string =>
  `${agentSnapshotPrefix(townId, agentId)}manifests/${hash}.json`;
