import * as z from 'zod';
import type { Route } from '../../../lambdas/http/route.ts';
import { EXAMPLE_IDS } from '../../../lambdas/api/answers/shared.ts';

/** Requests that a route would take, made of nothing but the route itself and the ids of what there is. */

export const fill = (path: string, ids: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'missing');

export const paramsIn = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

const enumOf = (schema: unknown): unknown[] => z.object({ enum: z.array(z.unknown()) }).parse(schema).enum;

/** Parameters that a route insists on, with the first value that each takes. */
export function requiredQuery({ spec }: Route): string {
  if (spec?.query === undefined) return '';
  const { required = [], properties = {} } = z.toJSONSchema(spec.query, { io: 'input' });
  const values = required.map((name): [string, string] => [name, String(enumOf(properties[name])[0])]);
  return values.length === 0 ? '' : `?${new URLSearchParams(values).toString()}`;
}

/** The document's example with the ids of what there is. Undefined: the route takes no body. */
export function exampleBody({ spec }: Route, ids: Readonly<Record<string, string>>): object | undefined {
  if (spec?.body === undefined) return undefined;
  const known = new Map<string, string | undefined>([
    [EXAMPLE_IDS.rig, ids['rigId']],
    [EXAMPLE_IDS.bead, ids['beadId']],
    [EXAMPLE_IDS.blocker, ids['beadId']],
  ]);
  const text = JSON.stringify(spec.bodyExample);
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' ? (known.get(value) ?? value) : value,
  ) as object;
}
