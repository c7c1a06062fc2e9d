import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** How a function's code becomes one file, for the stack, the tests and the measurements alike. */
export const BUNDLING = {
  target: 'node22',
  // The packages' modules can be shaken; their CommonJS cannot.
  mainFields: ['module', 'main'],
  // CommonJS inside of the AWS SDK asks for Node's own modules.
  banner: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  alias: {
    '@aws-sdk/credential-provider-node': `${ROOT}lambdas/lambda-credentials.ts`,
    '@aws-sdk/endpoint-cache': `${ROOT}lambdas/no-endpoint-cache.ts`,
    '@smithy/core/event-streams': `${ROOT}lambdas/no-event-streams.ts`,
  },
} as const;

export const FUNCTION_NAMES = [
  'api',
  'authorizer',
  'container',
  'fleet-audit',
  'git-token-service',
  'reconciler',
  'socket',
  'sweeper',
  'task-state',
  'worker',
] as const;

/** The same for esbuild's own interface; the file has what `index.ts` of the function exports. */
export const bundleOptions = (entryPoint: string, outfile: string) => ({
  entryPoints: [entryPoint],
  outfile,
  bundle: true,
  minify: true,
  platform: 'node' as const,
  format: 'esm' as const,
  target: BUNDLING.target,
  mainFields: [...BUNDLING.mainFields],
  banner: { js: BUNDLING.banner },
  alias: { ...BUNDLING.alias },
  logLevel: 'silent' as const,
});

export const entryOf = (functionName: string): string => `${ROOT}lambdas/${functionName}/index.ts`;
