import type * as z from 'zod';
import { groupOf, takesNull, type Patch } from './shapes.ts';

type Values = Readonly<Record<string, unknown>>;

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null;

/** An empty name of a model is as good as none: it clears the setting, as null does. */
const isCleared = (field: z.ZodType, value: unknown): boolean =>
  value === '' || (value === null && !takesNull(field));

/**
 * Settings with a patch over them: fields that are not named stay, groups are merged field by field, null clears. What the schema
 * does not know stays, too: newer code wrote it.
 */
export function mergeSettings<T extends object>(
  schema: z.ZodObject & z.ZodType<T>,
  stored: T,
  patch: Patch<T>,
): T {
  const merged = { ...stored } as Record<string, unknown>;
  for (const [name, field] of Object.entries<z.ZodType>(schema.shape)) {
    const value = (patch as Values)[name];
    if (value === undefined) continue;
    const group = groupOf(field);
    if (group !== undefined && isValues(value)) {
      const before = merged[name];
      const after = mergeSettings(group, isValues(before) ? before : {}, value);
      if (Object.keys(after).length > 0) merged[name] = after;
      else delete merged[name];
    } else if (isCleared(field, value)) delete merged[name];
    else merged[name] = value;
  }
  // Only values of the patch were put in, which has this schema's types.
  return merged as T;
}
