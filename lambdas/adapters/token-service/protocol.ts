import * as z from 'zod';
import { failureKind } from '../../../core/pull-request/failure.ts';

/** What the token service is asked, and what it answers. */

const installationId = z.number().int().positive();

export const tokenServiceRequest = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('about') }),
  z.strictObject({
    op: z.literal('token'),
    townId: z.string().min(1).max(128),
    integrationId: z.string().min(1).max(128),
    repository: z.strictObject({ owner: z.string().min(1).max(100), name: z.string().min(1).max(100) }),
  }),
  z.strictObject({ op: z.literal('installation'), installationId }),
  z.strictObject({ op: z.literal('repositories'), installationId }),
  z.strictObject({ op: z.literal('administers'), code: z.string().min(1).max(200), installationId }),
  /** Without a time: since the last time that it was asked without one. What the schedule sends. */
  z.strictObject({ op: z.literal('redeliver'), since: z.number().optional() }),
]);
export type TokenServiceRequest = z.infer<typeof tokenServiceRequest>;
export type Op = TokenServiceRequest['op'];

/** What `value` is, by what was asked; it is absent where the port says undefined. */
export const tokenServiceValues = {
  about: z.object({ slug: z.string(), clientId: z.string() }).optional(),
  token: z.object({ token: z.string(), expiresAt: z.number() }),
  installation: z
    .object({
      installationId: z.number(),
      account: z.object({ login: z.string(), type: z.string() }),
      selection: z.enum(['all', 'selected']),
      isSuspended: z.boolean(),
    })
    .optional(),
  repositories: z.array(
    z.object({
      fullName: z.string(),
      gitUrl: z.string(),
      defaultBranch: z.string(),
      isPrivate: z.boolean(),
    }),
  ),
  administers: z.boolean(),
  redeliver: z.object({ asked: z.number(), lookedAt: z.number() }),
} as const satisfies Record<Op, z.ZodType>;
export type ValueOf<K extends Op> = z.infer<(typeof tokenServiceValues)[K]>;

export const tokenServiceAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ ok: z.literal(false), kind: failureKind, message: z.string(), until: z.number().optional() }),
]);
export type TokenServiceAnswer = z.infer<typeof tokenServiceAnswer>;
