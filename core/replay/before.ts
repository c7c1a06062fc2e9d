import * as z from 'zod';
import { outboxRowSchema } from '../effects.ts';
import { townConfigSchema } from '../town/config.ts';
import { containerSchema, observedSchema } from '../town/container.ts';
import { headSchema } from '../town/head.ts';
import { LIVE_KINDS } from '../town/town.ts';

/** What a change has to be undone with: the town before a commit is the town after it, with this put back. */
export const changeBefore = z.object({
  op: z.enum(['create', 'update', 'archive', 'restore', 'delete']),
  kind: z.enum(LIVE_KINDS),
  id: z.string(),
  /** Attributes as they were; of what ended or was deleted, all. */
  was: z.record(z.string(), z.unknown()).optional(),
  /** Attributes that were not there. */
  without: z.array(z.string()).optional(),
  /** It was made and ended in the same step. */
  isNew: z.literal(true).optional(),
});
export type ChangeBefore = z.infer<typeof changeBefore>;

/** The town that a commit was decided on, as far as it does not follow from the town after it. */
export const beforeSchema = z.object({
  changes: z.array(changeBefore),
  /** Of an edit of the settings only; without the names of secrets. */
  config: townConfigSchema.omit({ secrets: true }).optional(),
  /** The rest is there for steps, which read it. */
  head: headSchema.optional(),
  container: containerSchema.optional(),
  observed: observedSchema.optional(),
  outbox: z.array(outboxRowSchema).optional(),
  /** Live records by kind: people make some without a log entry. */
  counts: z.partialRecord(z.enum(LIVE_KINDS), z.number()).optional(),
});
export type Before = z.infer<typeof beforeSchema>;
