import * as z from 'zod';
import { priority } from '../../core/town/bead.ts';
import { mergeMode, rigConfigSchema, townConfigSchema } from '../../core/town/config.ts';

/** Bodies of the user routes. Unknown fields are refused with their path. */

const title = z.string().trim().min(1).max(200);
const body = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= 64 * 1024, 'at most 64 KiB')
  .optional();

export const createTown = z.strictObject({
  name: z.string().trim().min(1).max(64),
  config: townConfigSchema.strict().optional(),
});

export const createRig = z.strictObject({
  name: z.string().trim().min(1).max(64),
  gitUrl: z.string().min(1).max(2048),
  defaultBranch: z.string().min(1).max(255).default('main'),
  config: rigConfigSchema.strict().optional(),
});

export const createBead = z.strictObject({
  rigId: z.string(),
  title,
  body,
  priority: priority.default('medium'),
  labels: z.array(z.string().min(1).max(64)).max(50).default([]),
  dependsOn: z.array(z.string()).max(50).default([]),
  held: z.boolean().default(false),
  metadata: z.record(z.string().max(64), z.unknown()).optional(),
});

export const createConvoy = z.strictObject({
  rigId: z.string(),
  title,
  tasks: z
    .array(z.strictObject({ title, body, dependsOn: z.array(z.number().int().min(0)).max(50).default([]) }))
    .min(1)
    .max(50),
  mergeMode: mergeMode.optional(),
  staged: z.boolean().optional(),
});

export const cancelBead = z.strictObject({
  as: z.enum(['closed', 'failed']),
  reason: z.string().max(1000).optional(),
});
