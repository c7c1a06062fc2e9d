import type { Behaviour } from './behaviour.ts';

type Rewrite = Extract<Behaviour, { kind: 'rewrite' }>;

/** Replaces what is at the path. Returns the places that there were. */
function replaceAt(
  value: unknown,
  path: readonly string[],
  replacement: unknown,
  at: readonly (string | number)[] = [],
): (string | number)[][] {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== 'object' || value === null) return [];
  const record = value as Record<string, unknown>;
  const keys = key === '*' ? Object.keys(record) : key in record ? [key] : [];
  return keys.flatMap((name) => {
    const place = [...at, Array.isArray(value) ? Number(name) : name];
    if (rest.length > 0) return replaceAt(record[name], rest, replacement, place);
    record[name] = replacement;
    return [place];
  });
}

/** The same answer with something else in it. A copy: what the forge knows stays as it is. */
export function rewriteBody(body: unknown, { path, value, error }: Rewrite): unknown {
  const copy = structuredClone(body);
  const places = replaceAt(copy, path, value);
  if (error === undefined || typeof copy !== 'object' || copy === null) return copy;
  const before = (copy as { errors?: readonly unknown[] }).errors ?? [];
  // Paths of errors begin below `data`.
  const errors = places.map((place) => ({ ...error, path: place.slice(1) }));
  return { ...copy, errors: [...before, ...errors] };
}
