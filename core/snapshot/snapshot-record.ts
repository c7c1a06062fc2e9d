import * as z from 'zod';

/** An agent's last good snapshot; no rule reads it. */
export const snapshotRecord = z.object({
  agentId: z.string(),
  /** SHA-256 of the manifest, which names it. */
  manifestHash: z.string(),
  generation: z.number().int().positive(),
  /** Of the container that saved it. */
  epoch: z.number().int().positive(),
  databaseBytes: z.number().int(),
  /** Of all its chunks, as they are stored. */
  storedBytes: z.number().int(),
  savedAt: z.number(),
});
export type SnapshotRecord = z.infer<typeof snapshotRecord>;
