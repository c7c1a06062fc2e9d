import * as oauth from 'oauth4webapi';
import { CommandFailed } from '../command-failed.ts';
import type { OpenApiDocument } from '../client/api.generated.ts';

/** Where the users of an installation sign in. */
export interface SignInService {
  /** OpenID Connect issuer. */
  readonly issuer: string;
  readonly clientId: string;
}

/** What OpenAPI calls it; the client id is not part of that, and is not secret. */
interface SignInScheme {
  readonly 'x-client-id'?: unknown;
  readonly openIdConnectUrl?: unknown;
}

const DISCOVERY = '/.well-known/openid-configuration';
const TIMEOUT_MS = 30_000;

/**
 * What the document of an API says of it.
 * @throws CommandFailed when the installation has none
 */
export function signInServiceOf(document: OpenApiDocument): SignInService {
  const { securitySchemes } = (document['components'] ?? {}) as {
    securitySchemes?: { readonly signIn?: SignInScheme };
  };
  const { openIdConnectUrl, 'x-client-id': clientId } = securitySchemes?.signIn ?? {};
  if (
    typeof openIdConnectUrl !== 'string' ||
    typeof clientId !== 'string' ||
    !openIdConnectUrl.endsWith(DISCOVERY)
  ) {
    throw new CommandFailed(
      'This installation does not say where its users sign in. Set GASTOWN_TOKEN to a token of its own; one on this machine needs none.',
    );
  }
  return { issuer: openIdConnectUrl.slice(0, -DISCOVERY.length), clientId };
}

/** Without TLS a service on this machine only. */
export const requestOptions = ({ issuer }: SignInService, signal: AbortSignal) => ({
  signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  [oauth.allowInsecureRequests]: URL.parse(issuer)?.hostname === '127.0.0.1',
});

/** @throws an Error of `oauth4webapi` */
export async function discover(
  service: SignInService,
  signal: AbortSignal,
): Promise<oauth.AuthorizationServer & { authorization_endpoint: string }> {
  const issuer = new URL(service.issuer);
  const response = await oauth.discoveryRequest(issuer, requestOptions(service, signal));
  const server = await oauth.processDiscoveryResponse(issuer, response);
  const { authorization_endpoint } = server;
  if (authorization_endpoint === undefined) throw new Error(`${service.issuer} has no page to sign in at`);
  return { ...server, authorization_endpoint };
}
