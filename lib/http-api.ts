/* oxlint-disable no-new -- a construct adds itself to its scope */
import { Duration } from 'aws-cdk-lib';
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type HttpRouteIntegration,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
  HttpUserPoolAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CORS } from '../lambdas/http/cors.ts';
import { accessLog } from './access-log.ts';
import type { OpenRoutes } from './open-routes.ts';
import type { GatewayRoute } from './routes.ts';
import type { TownFunction } from './town-function.ts';
import type { Users } from './user-pool.ts';

export interface TownHttpApiProps {
  /**
   * Origins of the console, as `https://console.example.com`.
   * @default none: no page may call
   */
  readonly consoleOrigins?: readonly string[];
  /**
   * Requests a second, of all callers together.
   * @default 200
   */
  readonly rateLimit?: number;
  /**
   * Requests at once, of all callers together.
   * @default 400
   */
  readonly burstLimit?: number;
  /** @default three months */
  readonly logRetention?: RetentionDays;
}

export interface RoutesProps {
  readonly routes: readonly GatewayRoute[];
  readonly target: TownFunction;
}

/** The HTTP API: each route by itself, with the authorizer that its table asks for. */
export class TownHttpApi extends Construct {
  readonly api: HttpApi;
  /** `https://…`, without a path. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: TownHttpApiProps = {}) {
    super(scope, id);
    const origins = props.consoleOrigins ?? [];
    this.api = new HttpApi(this, 'Api', {
      createDefaultStage: false,
      ...(origins.length === 0
        ? {}
        : {
            corsPreflight: {
              allowOrigins: [...origins],
              allowMethods: CORS.methods.map((method) => CorsHttpMethod[method]),
              allowHeaders: [...CORS.requestHeaders],
              exposeHeaders: [...CORS.answerHeaders],
              maxAge: Duration.seconds(CORS.maxAgeSeconds),
            },
          }),
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: props.rateLimit ?? 200, burstLimit: props.burstLimit ?? 400 },
      accessLogSettings: accessLog(this, 'AccessLogs', props.logRetention),
    });
    this.url = this.api.apiEndpoint;
  }

  /** Makes the routes of the functions; those that ask nobody in `open`. */
  serve(tables: readonly RoutesProps[], authorizer: TownFunction, users: Users, open: OpenRoutes): void {
    const byToken = new HttpLambdaAuthorizer('TaskTokens', authorizer.function, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      // A token may be superseded at any moment, by the next epoch.
      resultsCacheTtl: Duration.seconds(0),
    });
    const authorizers: Record<GatewayRoute['auth'], IHttpRouteAuthorizer> = {
      none: new HttpNoneAuthorizer(),
      user: new HttpUserPoolAuthorizer('Users', users.pool, { userPoolClients: [users.client] }),
      container: byToken,
      agent: byToken,
    };
    const closed = new Construct(this, 'Closed');
    for (const { routes, target } of tables) {
      // One permission a function: one a route would outgrow the function's policy.
      const integration = new HttpLambdaIntegration(`${target.node.id}Integration`, target.function, {
        scopePermissionToRoute: false,
      });
      for (const { method, path, auth } of routes) {
        this.#route(auth === 'none' ? open : closed, { method, path }, integration, authorizers[auth]);
      }
    }
  }

  #route(
    scope: Construct,
    { method, path }: Pick<GatewayRoute, 'method' | 'path'>,
    integration: HttpRouteIntegration,
    authorizer: IHttpRouteAuthorizer,
  ): void {
    new HttpRoute(scope, `${method} ${path.replaceAll('/', ' ').trim()}`, {
      httpApi: this.api,
      routeKey: HttpRouteKey.with(path, HttpMethod[method]),
      integration,
      authorizer,
    });
  }
}
