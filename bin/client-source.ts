import { execa } from 'execa';
import { generateApi } from 'swagger-typescript-api';
import { fileURLToPath } from 'node:url';
import type { ApiDeps } from '../lambdas/api/context.ts';
import { apiRoutes } from '../lambdas/api/routes.ts';
import { tags } from '../lambdas/api/routes/tags.ts';
import { createOpenApiDocument } from '../lambdas/http/openapi.ts';
import type { Route } from '../lambdas/http/route.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

const HEADER = `// Made by bin/generate-client.ts from the routes of lambdas/api: change those, and run it again.
/* oxlint-disable typescript/no-duplicate-type-constituents */
import type { Send } from './send.ts';
`;

/** Making the table asks nobody for anything. */
const NO_DEPS = { version: '' } as ApiDeps;

/** The command line's client as it must be for the routes as they are: TypeScript that Node runs as it stands. */
export async function clientSource(routes: readonly Route[] = apiRoutes(NO_DEPS)): Promise<string> {
  // Redirects are for browsers.
  const called = routes.filter(({ spec }) => spec?.answer.status !== 302);
  const document = createOpenApiDocument(called, { version: '0.0.0', tags });
  const { files } = await generateApi({
    // The generator changes what it is given.
    spec: structuredClone(document),
    output: false,
    silent: true,
    templates: `${ROOT}cli/client/templates`,
    enumStyle: 'union',
    singleHttpClient: true,
    codeGenConstructs: () => ({ Keyword: { Any: 'unknown' } }),
  });
  const generated = files.map(({ fileContent }) => fileContent).join('\n');
  // The generator's banner switches every check off; ours are to hold.
  const banner = /^(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*|\s)+/;
  const source = HEADER + generated.replace(banner, '\n');
  const formatted = await execa('oxfmt', ['--stdin-filepath', 'cli/client/api.generated.ts'], {
    cwd: ROOT,
    preferLocal: true,
    input: source,
    stripFinalNewline: false,
  });
  return formatted.stdout;
}
