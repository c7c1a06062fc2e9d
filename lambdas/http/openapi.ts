import { createDocument, type ZodOpenApiObject } from 'zod-openapi';
import { createOperations } from './openapi-operation.ts';
import type { Route } from './route.ts';

export interface OpenApiOptions {
  readonly version: string;
  /** Headings by name, in their order, with what they stand for. */
  readonly tags: Readonly<Record<string, string>>;
  /** Where users sign in, for programs that want a token. @default they bring one */
  readonly signIn?: SignIn | undefined;
}

export interface SignIn {
  /** OpenID Connect issuer. */
  readonly issuer: string;
  /** Of a client without a secret, for the authorization code flow with PKCE. */
  readonly clientId: string;
}

const DESCRIPTION = `Control plane for towns of coding agents.

**Limits.** A body has at most 256 KiB. Fields and parameters that are not known are refused, with their path in \`issues\`.
Text has no NUL and no half of a surrogate pair; no member is called \`__proto__\` or \`constructor\`.
A list gives at most 200 records a page, 50 unless asked otherwise, and \`nextCursor\` for the next page.
A page may be shorter than asked for, even empty, and not be the last: \`nextCursor\` is null on the last one.

**Changes that take time.** A change that the town makes later is answered with 202 and the record as it stands.

**Trying again.** Creations take an \`Idempotency-Key\`: for 24 hours the same key with the same request gets the first answer.

**Errors** are problem documents (RFC 9457). \`code\` is a stable word, \`requestId\` is also in the header \`x-request-id\`.`;

/**
 * The document of the routes that are part of the contract: OpenAPI 3.1, made from the schemas that check the requests.
 * It takes some milliseconds: make it once.
 */
export function createOpenApiDocument(routes: readonly Route[], { version, tags, signIn }: OpenApiOptions) {
  const operationOf = createOperations();
  const paths: Record<string, Record<string, ReturnType<typeof operationOf>>> = {};
  for (const route of routes) {
    if (route.spec === undefined) continue;
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, route.spec);
  }
  const document: ZodOpenApiObject = {
    openapi: '3.1.0',
    info: {
      title: 'Gastown',
      version,
      description: DESCRIPTION,
      license: { name: 'Unlicensed', identifier: 'LicenseRef-UNLICENSED' },
    },
    servers: [{ url: '/', description: 'Where this document comes from' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        userToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access token of a user (RS256), as sign-in gives it',
        },
        ...(signIn === undefined
          ? {}
          : {
              signIn: {
                type: 'openIdConnect' as const,
                openIdConnectUrl: `${signIn.issuer}/.well-known/openid-configuration`,
                description:
                  'What gives user tokens: the authorization code flow with PKCE, without a client secret',
                'x-client-id': signIn.clientId,
              },
            }),
      },
    },
  };
  return createDocument(document);
}
