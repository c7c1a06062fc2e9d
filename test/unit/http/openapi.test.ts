import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { documentOf, table } from './routes.ts';

const lint = async (document: object): Promise<string[]> => {
  // The contract has `/towns/imports` beside `/towns/{townId}`: no town's id is such a word, and the gateway takes fixed paths first.
  // Where browsers are only sent on, nothing is answered with 2xx.
  const rules = { 'no-ambiguous-paths': 'off', 'operation-2xx-response': 'off' } as const;
  const config = await createConfig({ extends: ['recommended'], rules });
  const found = await lintFromString({ source: JSON.stringify(document), config });
  return found.map(({ ruleId, severity, message, location }) =>
    [severity, ruleId, location[0]?.pointer, message].join(' '),
  );
};

describe('the document of the API', () => {
  it('has no fault and no warning by the recommended rules', async () => {
    expect(await lint(documentOf())).toEqual([]);
  });

  it('would be found out: the linter works', async () => {
    const document = documentOf();
    const { '/v1/health': health } = document.paths ?? {};
    const broken = { ...health, get: { ...health?.get, operationId: 'createTown', summary: undefined } };
    const said = await lint({ ...document, paths: { ...document.paths, '/v1/health': broken } });
    expect(said.join('\n')).toMatch(/operation-summary/);
    expect(said.join('\n')).toMatch(/operation-operationId-unique/);
  });

  it('has every route once, by a name of its own', () => {
    const { paths = {} } = documentOf();
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, { operationId: string }>).map(
        ([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`,
      ),
    );
    const routes = table.map(({ operationId, method, path }) => `${operationId} ${method} ${path}`);
    expect(operations.sort()).toEqual(routes.sort());
    const names = table.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
  });

  it('names the records, and refuses what is not in them', () => {
    const { schemas = {} } = documentOf().components ?? {};
    for (const name of ['Town', 'Rig', 'Bead', 'Convoy', 'Agent', 'CreateBead', 'Problem']) {
      expect(schemas[name]).toMatchObject({ type: 'object', additionalProperties: false });
    }
  });

  it('says of each operation who may call it, what it takes and how it fails', () => {
    const { paths = {}, components = {} } = documentOf();
    const { post, get } = paths['/v1/towns/{townId}/beads'] ?? {};
    const namesOf = (parameters: unknown): unknown[] =>
      (parameters as { $ref?: string; name?: string }[]).map(
        ({ $ref, name }) => name ?? $ref?.split('/').at(-1),
      );
    expect(post?.security).toEqual([{ userToken: [] }]);
    expect(namesOf(post?.parameters)).toEqual(['TownId', 'IdempotencyKey']);
    expect(Object.keys(post?.responses ?? {})).toEqual([
      '201',
      '400',
      '401',
      '404',
      '409',
      '413',
      '429',
      '500',
      '503',
    ]);
    expect(post?.requestBody).toMatchObject({ required: true });
    expect(namesOf(get?.parameters)).toEqual([
      'TownId',
      'limit',
      'cursor',
      'status',
      'type',
      'rigId',
      'convoyId',
      'agentId',
      'label',
    ]);
    expect(get?.parameters).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 200, default: 50 }),
      }),
    );
    expect(Object.keys(get?.responses ?? {})).not.toContain('409');
    // Nothing but its path has to be said.
    expect(paths['/v1/towns/{townId}/beads/{beadId}/start']?.post?.requestBody).toMatchObject({
      required: false,
    });
    expect(paths['/v1/health']?.get?.security).toEqual([]);
    expect(components.responses?.['NotFound']).toMatchObject({
      headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' } },
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    });
  });
});
