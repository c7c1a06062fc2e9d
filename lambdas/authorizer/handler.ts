import type {
  APIGatewayAuthorizerResult,
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
} from 'aws-lambda';
import { authorizeConnect, type ConnectDeps, type ConnectRequest } from './authorize-connect.ts';
import { authorize } from './authorize.ts';

/** What is used of a request of the HTTP API (payload 2.0). */
type HttpRequest = Pick<APIGatewayRequestAuthorizerEventV2, 'rawPath' | 'headers'>;
/** What is used of a `$connect` of the WebSocket API. */
type SocketRequest = ConnectRequest & { readonly methodArn: string };

export type AuthorizerEvent = HttpRequest | SocketRequest;
export type AuthorizerAnswer =
  | APIGatewaySimpleAuthorizerWithContextResult<Readonly<Record<string, unknown>>>
  | APIGatewayAuthorizerResult;

/** By the path that was asked for: an agent's token opens no route of containers, nor the other way round. */
const KINDS = [
  { prefix: '/v1/container/', auth: 'container' },
  { prefix: '/v1/agent/', auth: 'agent' },
] as const;

/**
 * Answers API Gateway, for the routes of containers and agents and for sockets. A refusal is an answer; when it cannot be told
 * whether somebody may, it throws, and the client is answered with 500 and tries again.
 */
export function createAuthorizerHandler(deps: ConnectDeps) {
  const http = async ({ rawPath, headers }: HttpRequest): Promise<AuthorizerAnswer> => {
    const kind = KINDS.find(({ prefix }) => rawPath.startsWith(prefix));
    // HTTP APIs write all names of headers in lower case.
    const claims = kind && (await authorize(deps.tokens, kind.auth, headers?.['authorization']));
    return claims === undefined
      ? { isAuthorized: false, context: {} }
      : { isAuthorized: true, context: claims };
  };
  const socket = async (request: SocketRequest): Promise<AuthorizerAnswer> => {
    const context = await authorizeConnect(deps, request);
    return {
      principalId: context?.['townId'] ?? 'nobody',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'execute-api:Invoke',
            Effect: context === undefined ? 'Deny' : 'Allow',
            Resource: request.methodArn,
          },
        ],
      },
      ...(context === undefined ? {} : { context: { ...context } }),
    };
  };
  return (event: AuthorizerEvent): Promise<AuthorizerAnswer> =>
    'methodArn' in event ? socket(event) : http(event);
}
