import type * as z from 'zod';
import { Refusal } from '../refusal.ts';

/** A body by its schema, or GitHub's word for one that is none. @throws Refusal 422 */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new Refusal(
    422,
    `Invalid request.\n\n${issue?.message ?? 'not understood'}${field === '' ? '' : `: ${field}`}`,
  );
}
