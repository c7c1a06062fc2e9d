import type { HttpEvent, Route } from '../../../lambdas/http/route.ts';

export const routeOf = (route: Partial<Route> & Pick<Route, 'handle'>): Route => ({
  method: 'PATCH',
  path: '/v1/things',
  auth: 'user',
  operationId: 'makeThing',
  isCreation: false,
  ...route,
});

/** A request for the route as API Gateway hands it over. */
export function eventOf(
  { method, path }: Route,
  {
    requestId = 'request-1',
    userId = 'user-1',
    ...more
  }: Partial<HttpEvent> & { requestId?: string; userId?: string } = {},
): HttpEvent {
  const routeKey = `${method} ${path}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    ...more,
    requestContext: {
      accountId: '1',
      apiId: 'api',
      authorizer: { jwt: { claims: { sub: userId } } },
      domainName: 'x',
      domainPrefix: 'x',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId,
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
  };
}
