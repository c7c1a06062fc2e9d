import * as z from 'zod';
import type { Route } from '../../../lambdas/http/route.ts';

/** What a route's part of the document lacks; its examples are what people copy. */
export function faultsOf({ method, path, operationId, spec }: Route): string[] {
  const name = `${operationId} (${method} ${path})`;
  if (spec === undefined) return [`${name} is not in the document`];
  const { body, bodyExample, answer, summary } = spec;
  const faults: string[] = [];
  if (summary.trim() === '') faults.push('has no summary');
  if (body !== undefined && bodyExample === undefined) faults.push('lacks an example of its body');
  else if (body !== undefined && !body.safeParse(bodyExample).success)
    faults.push(`has a body example that it refuses: ${errorsOf(body, bodyExample)}`);
  if (answer.example === undefined) faults.push('lacks an example of its answer');
  else if (!answer.schema.safeParse(answer.example).success)
    faults.push(`has an answer example that is none: ${errorsOf(answer.schema, answer.example)}`);
  return faults.map((fault) => `${name} ${fault}`);
}

const errorsOf = (schema: z.ZodType, value: unknown): string => {
  const { error } = schema.safeParse(value);
  return error === undefined ? '' : z.prettifyError(error);
};
