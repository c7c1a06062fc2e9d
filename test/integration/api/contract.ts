import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { tags } from '../../../lambdas/api/routes/tags.ts';
import { createOpenApiDocument } from '../../../lambdas/http/openapi.ts';
import type { Route } from '../../../lambdas/http/route.ts';
import type { Answer } from './client.ts';

/** Fails a test whose answer is not what the document says of its operation. */
export type ContractCheck = (method: string, path: string, answer: Answer) => void;

const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** @param routes of every function; those that are in no document are not looked at */
export function createContractCheck(routes: readonly Route[]): ContractCheck {
  const document = createOpenApiDocument(routes, { version: 'test', tags });
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'api', ...document });
  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = (pointer: string): ValidateFunction => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    compiled.set(pointer, known);
    return known;
  };
  const found = routes.map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return (method, path, { status, headers, body }) => {
    const [pathname = ''] = path.split('?');
    const route = found.find((one) => one.route.method === method && one.pattern.test(pathname))?.route;
    if (route !== undefined && route.spec === undefined) return;
    const said = `${method} ${path.slice(0, 120)} ${status}`;
    if (status === 302) {
      expect(route?.spec?.answer.status, `${said} is in the document`).toBe(302);
      expect(
        route?.spec?.answer.schema.safeParse(headers.get('location')).success,
        `${said}: goes on to an address`,
      ).toBe(true);
      expect(body, `${said}: without a body`).toBeUndefined();
      return;
    }
    const type = headers.get('content-type') ?? '';
    const pointer =
      route === undefined ? '/components/schemas/Problem' : pointerOf(document, route, status, type);
    const isValid = pointer === undefined ? undefined : validatorOf(pointer);
    expect(pointer, `${said}: ${type} is in the document`).toBeDefined();
    isValid?.(body);
    const faults = isValid?.errors ?? [];
    expect(faults.length, `${said}: ${ajv.errorsText(faults)}`).toBe(0);
  };
}

/** Where the schema of an answer stands; undefined: the operation has no such answer. */
function pointerOf(
  document: ReturnType<typeof createOpenApiDocument>,
  { method, path }: Route,
  status: number,
  type: string,
): string | undefined {
  const item = document.paths?.[path] as Record<string, { responses: Record<string, { $ref?: string }> }>;
  const response = item[method.toLowerCase()]?.responses[`${status}`];
  if (response === undefined) return undefined;
  const inline = `/paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}`;
  const pointer = response.$ref?.slice(1) ?? inline;
  const content =
    response.$ref === undefined
      ? (response as { content?: object })
      : (document.components?.responses?.[response.$ref.split('/').at(-1) ?? ''] as { content?: object });
  return Object.keys(content.content ?? {}).includes(type)
    ? `${pointer}/content/${escaped(type)}/schema`
    : undefined;
}
