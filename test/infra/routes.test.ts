import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { ApiDeps } from '../../lambdas/api/context.ts';
import { apiRoutes } from '../../lambdas/api/routes.ts';
import { containerRoutes, type ContainerDeps } from '../../lambdas/container/routes.ts';
import { CORS } from '../../lambdas/http/cors.ts';
import { webhookRoutes, type WebhookDeps } from '../../lambdas/webhook/routes.ts';
import type { Route } from '../../lambdas/http/route.ts';
import { ofType, one, stackResources, textOf, type Resources } from './template.ts';

let resources: Resources;
beforeAll(async () => {
  resources = await stackResources();
}, 60_000);

/** `GET /v1/towns → ApiFunction by Users`, of the routes of an API in the template. */
function templateRoutes(api: string): string[] {
  return ofType(resources, 'AWS::ApiGatewayV2::Route')
    .filter(([, { Properties }]) => textOf(Properties['ApiId']) === `<${api}>`)
    .map(([, { Properties }]) => {
      const target = /<(\w+)>$/.exec(textOf(Properties['Target']))?.[1] ?? '';
      const uri = textOf(
        one(resources, 'AWS::ApiGatewayV2::Integration', target).Properties['IntegrationUri'],
      );
      const authorizer =
        Properties['AuthorizerId'] === undefined ? 'nobody' : textOf(Properties['AuthorizerId']);
      return `${String(Properties['RouteKey'])} → ${/<(\w+Function)>/.exec(uri)?.[1] ?? uri} by ${authorizer}`;
    })
    .sort();
}

const AUTHORIZERS: Record<Route['auth'], string> = {
  none: 'nobody',
  user: '<HttpApiUsers>',
  container: '<HttpApiTaskTokens>',
  agent: '<HttpApiTaskTokens>',
};
const expected = (routes: readonly Route[], target: string): string[] =>
  routes.map(({ method, path, auth }) => `${method} ${path} → ${target} by ${AUTHORIZERS[auth]}`);

test('the HTTP API has the routes of the functions, each with the authorizer that it asks for', () => {
  const users = apiRoutes({} as ApiDeps);
  const tasks = containerRoutes({} as ContainerDeps);
  const forges = webhookRoutes({} as WebhookDeps);
  expect(users.length).toBeGreaterThan(20);
  expect(templateRoutes('HttpApi')).toEqual(
    [
      ...expected(users, 'ApiFunction'),
      ...expected(tasks, 'ContainerFunction'),
      ...expected(forges, 'WebhookFunction'),
    ].sort(),
  );
});

test('nothing is open but what is meant to be', () => {
  expect(templateRoutes('HttpApi').filter((route) => route.endsWith('by nobody'))).toEqual([
    'GET /v1/health → ApiFunction by nobody',
    'GET /v1/integrations/github/callback → ApiFunction by nobody',
    'GET /v1/openapi.json → ApiFunction by nobody',
    'POST /v1/container/bootstrap → ContainerFunction by nobody',
    'POST /v1/webhooks/github → WebhookFunction by nobody',
  ]);
});

test('the WebSocket API asks at the door, and answers what browsers send', () => {
  expect(templateRoutes('SocketApi')).toEqual([
    '$connect → SocketFunction by <SocketApiConnections>',
    '$default → SocketFunction by nobody',
    '$disconnect → SocketFunction by nobody',
  ]);
  expect(one(resources, 'AWS::ApiGatewayV2::RouteResponse').Properties).toMatchObject({
    RouteResponseKey: '$default',
  });
});

describe('authorizers', () => {
  test.each([
    {
      name: 'HttpApiUsers',
      reason: 'people: tokens of the user pool, for its client',
      is: { AuthorizerType: 'JWT' },
    },
    {
      name: 'HttpApiTaskTokens',
      reason: 'containers and agents: asked each time, because an epoch may end at any moment',
      is: {
        AuthorizerType: 'REQUEST',
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds: 0,
      },
    },
    {
      name: 'SocketApiConnections',
      reason: 'sockets: a header or a query, so neither is demanded',
      is: { AuthorizerType: 'REQUEST', IdentitySource: [] },
    },
  ])('$name: $reason', ({ name, is }) => {
    expect(one(resources, 'AWS::ApiGatewayV2::Authorizer', name).Properties).toMatchObject(is);
  });

  test("people's tokens are for the one client of the one pool", () => {
    const { Audience, Issuer } = z
      .object({ Audience: z.array(z.unknown()), Issuer: z.unknown() })
      .parse(one(resources, 'AWS::ApiGatewayV2::Authorizer', 'HttpApiUsers').Properties['JwtConfiguration']);
    expect(Audience.map(textOf)).toEqual(['<UsersClient>']);
    expect(textOf(Issuer)).toMatch(/^https:\/\/cognito-idp\..*\/<UsersPool>$/);
  });
});

test('both APIs are throttled; access is logged without headers and queries', () => {
  const stages = ofType(resources, 'AWS::ApiGatewayV2::Stage');
  expect(stages).toHaveLength(2);
  for (const [, { Properties }] of stages) {
    expect(Properties['DefaultRouteSettings']).toMatchObject({
      ThrottlingRateLimit: 200,
      ThrottlingBurstLimit: 400,
    });
  }
  const log = z
    .object({ DestinationArn: z.unknown(), Format: z.string() })
    .parse(one(resources, 'AWS::ApiGatewayV2::Stage', 'HttpApiStage').Properties['AccessLogSettings']);
  expect(textOf(log.DestinationArn)).toBe('<HttpApiAccessLogs>');
  expect(log.Format).not.toMatch(/header|query|authorizer\.(?!error)/i);
});

const cors = z.object({
  AllowOrigins: z.array(z.string()),
  AllowMethods: z.array(z.string()),
  AllowHeaders: z.array(z.string()),
});

test('pages of other origins may do nothing where no console is named', () => {
  for (const [, { Properties }] of ofType(resources, 'AWS::ApiGatewayV2::Api')) {
    expect(Properties).not.toHaveProperty('CorsConfiguration');
  }
});

test('pages of the console, and of nobody else, may call what the local front lets them call', async () => {
  const consoleOrigins = ['https://console.example.com'];
  const made = await stackResources({ consoleOrigins });
  const { AllowOrigins, AllowMethods, AllowHeaders } = cors.parse(
    one(made, 'AWS::ApiGatewayV2::Api', 'HttpApi').Properties['CorsConfiguration'],
  );
  expect(AllowOrigins).toEqual(consoleOrigins);
  expect(AllowMethods).toEqual(CORS.methods);
  expect(AllowHeaders).toEqual(CORS.requestHeaders);
}, 60_000);
