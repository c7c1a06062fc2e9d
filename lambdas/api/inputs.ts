import * as z from 'zod';
import { priority } from '../../core/town/bead.ts';
import { mergeMode, rigConfigSchema, townConfigSchema } from '../../core/town/config.ts';

/** Bodies of the user routes. Unknown fields are refused with their path, however deep they are. */

const refinery = rigConfigSchema.shape.refinery.unwrap().strict().optional();
const container = townConfigSchema.shape.container.unwrap().strict().optional();
const townConfig = townConfigSchema.extend({ refinery, container }).strict().optional();
const rigConfig = rigConfigSchema.extend({ refinery }).strict().optional();

const id = z.string().min(1).max(128);

const title = z.string().trim().min(1).max(200);
const body = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= 64 * 1024, 'at most 64 KiB')
  .optional();

/** Statements that say all with their path. */
export const nothing = z.strictObject({});

/** Labels for other programs. They are read with every step of the town: kept small. */
const MAX_METADATA_BYTES = 16 * 1024;
const MAX_METADATA_DEPTH = 16;

const metadata = z
  .record(z.string().max(64), z.unknown())
  .refine((value) => isStorable(value, MAX_METADATA_DEPTH), {
    error: `at most ${MAX_METADATA_DEPTH} levels deep, and numbers within ±(2^53 − 1)`,
    abort: true,
  })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MAX_METADATA_BYTES, 'at most 16 KiB')
  .optional();

/** The database holds 32 levels, and no number that JavaScript does not hold exactly. */
function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isStorable(member, depth - 1));
}

export const createTown = z.strictObject({
  name: z.string().trim().min(1).max(64),
  config: townConfig,
});

export const createRig = z.strictObject({
  name: z.string().trim().min(1).max(64),
  gitUrl: z.string().min(1).max(2048),
  defaultBranch: z.string().min(1).max(255).default('main'),
  config: rigConfig,
});

export const createBead = z.strictObject({
  rigId: id,
  title,
  body,
  priority: priority.default('medium'),
  labels: z.array(z.string().min(1).max(64)).max(50).default([]),
  dependsOn: z.array(id).max(50).default([]),
  held: z.boolean().default(false),
  metadata,
});

export const createConvoy = z.strictObject({
  rigId: id,
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
