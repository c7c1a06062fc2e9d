/* oxlint-disable no-new -- a construct adds itself to its scope */
import { Stack } from 'aws-cdk-lib';
import {
  WebSocketApi,
  WebSocketRoute,
  WebSocketStage,
  type WebSocketRouteOptions,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { OpenRoutes } from './open-routes.ts';
import type { TownFunction } from './town-function.ts';

const STAGE = 'socket';

export interface SocketApiProps {
  /**
   * Connections and frames a second, of all clients together.
   * @default 200
   */
  readonly rateLimit?: number;
  /**
   * Connections and frames at once, of all clients together.
   * @default 400
   */
  readonly burstLimit?: number;
}

/** The WebSocket API of containers, which are poked, and of browsers, which are told what changes. */
export class SocketApi extends Construct {
  readonly api: WebSocketApi;
  /** Where clients connect: `wss://…`. */
  readonly url: string;
  /** Where messages to clients are posted: `https://…`. */
  readonly connectionsUrl: string;

  constructor(scope: Construct, id: string, props: SocketApiProps = {}) {
    super(scope, id);
    this.api = new WebSocketApi(this, 'Api', { routeSelectionExpression: '$request.body.type' });
    const stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: STAGE,
      autoDeploy: true,
      throttle: { rateLimit: props.rateLimit ?? 200, burstLimit: props.burstLimit ?? 400 },
    });
    this.url = stage.url;
    this.connectionsUrl = stage.callbackUrl;
    acknowledge(
      stage,
      'APIG1',
      'Logs of a WebSocket API need a role that is set once for the whole account and region, which one stack must not take; the functions log what they refuse.',
    );
  }

  /** Makes the routes: who may connect is the authorizer's to say, all the rest the function's. */
  serve(target: TownFunction, authorizer: TownFunction, open: OpenRoutes): void {
    const integrate = (route: string) => new WebSocketLambdaIntegration(route, target.function);
    this.api.addRoute('$connect', {
      integration: integrate('Connect'),
      // A container sends a header, a browser a query: neither can be asked of everybody.
      authorizer: new WebSocketLambdaAuthorizer('Connections', authorizer.function, { identitySource: [] }),
    });
    const later: Readonly<Record<string, WebSocketRouteOptions>> = {
      $disconnect: { integration: integrate('Disconnect') },
      $default: { integration: integrate('Message'), returnResponse: true },
    };
    for (const [routeKey, options] of Object.entries(later))
      new WebSocketRoute(open, routeKey, { webSocketApi: this.api, routeKey, ...options });
  }

  /** Leave to send to connections. */
  post(): PolicyStatement {
    return new PolicyStatement({
      actions: ['execute-api:ManageConnections'],
      resources: [this.#connections()],
    });
  }

  /** Says for the holder of `post` why its resource is a wildcard. */
  acknowledgePost(holder: IConstruct): void {
    const { partition, region, account } = {
      partition: '<AWS::Partition>',
      region: '<AWS::Region>',
      account: '<AWS::AccountId>',
    };
    const api = Stack.of(this).getLogicalId(this.api.node.defaultChild as never);
    acknowledge(
      holder,
      `IAM5[Resource::arn:${partition}:execute-api:${region}:${account}:<${api}>/${STAGE}/POST/@connections/*]`,
      'Ids of connections are not known before; it is limited to sending, on the one API and stage.',
    );
  }

  #connections(): string {
    const resourceName = `${STAGE}/POST/@connections/*`;
    return Stack.of(this).formatArn({ service: 'execute-api', resource: this.api.apiId, resourceName });
  }
}
