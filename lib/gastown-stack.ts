/* oxlint-disable no-new -- a construct adds itself to its scope */
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { ContainerTask } from './container-task.ts';
import { FilesBucket } from './files-bucket.ts';
import { FunctionSchedule } from './function-schedule.ts';
import { ApiFunction } from './functions/api.ts';
import { AuthorizerFunction } from './functions/authorizer.ts';
import { ContainerFunction } from './functions/container.ts';
import { FleetAuditFunction } from './functions/fleet-audit.ts';
import { GitTokenServiceFunction } from './functions/git-token-service.ts';
import { ReconcilerFunction } from './functions/reconciler.ts';
import { SocketFunction } from './functions/socket.ts';
import { SweeperFunction } from './functions/sweeper.ts';
import { TaskStateFunction } from './functions/task-state.ts';
import { WebhookFunction } from './functions/webhook.ts';
import { WorkerFunction } from './functions/worker.ts';
import { GitHubAppSecrets } from './github-app-secrets.ts';
import { TownHttpApi } from './http-api.ts';
import { Keys } from './keys.ts';
import { Network } from './network.ts';
import { OpenRoutes } from './open-routes.ts';
import { forgeRoutes, taskRoutes, userRoutes } from './routes.ts';
import { SocketApi } from './socket-api.ts';
import { TaskStateRule } from './task-state-rule.ts';
import { TracePolicy } from './trace-policy.ts';
import { TownQueues } from './town-queues.ts';
import { TownTable } from './town-table.ts';
import { Users } from './user-pool.ts';

export interface GastownStackProps extends StackProps {
  /** Stands in every log item of a town, and in the answer of `/v1/health`. */
  readonly codeVersion: string;
  /**
   * Origins of the console, as `https://console.example.com`.
   * @default none: no page may call the API
   */
  readonly consoleOrigins?: readonly string[];
  /**
   * How long logs of functions, containers and access are kept.
   * @default three months
   */
  readonly logRetention?: RetentionDays;
}

/** One installation of Gastown: everything that its towns need, and nothing that costs while they are idle. */
export class GastownStack extends Stack {
  constructor(scope: Construct, id: string, props: GastownStackProps) {
    const { codeVersion, consoleOrigins = [], logRetention, ...stackProps } = props;
    super(scope, id, stackProps);
    acknowledge(
      this,
      'L1',
      'The functions run on the version of Node that their tests run on; it is raised with the package `node`.',
    );
    const retention = logRetention === undefined ? {} : { logRetention };
    const table = new TownTable(this, 'Table');
    const queues = new TownQueues(this, 'Queues');
    const files = new FilesBucket(this, 'Files');
    const keys = new Keys(this, 'Keys');
    const appSecrets = new GitHubAppSecrets(this, 'GitHubApp');
    const users = new Users(this, 'Users');
    const network = new Network(this, 'Network');
    const containers = new ContainerTask(this, 'Containers', { network, ...retention });
    const httpApi = new TownHttpApi(this, 'HttpApi', { consoleOrigins, ...retention });
    const socketApi = new SocketApi(this, 'SocketApi');

    const defaults = { traces: new TracePolicy(this, 'Traces'), ...retention };
    const common = { ...defaults, table, queues, codeVersion };
    const tokenService = new GitTokenServiceFunction(this, 'GitTokenServiceFunction', {
      ...common,
      appSecrets,
    });
    const api = new ApiFunction(this, 'ApiFunction', {
      ...common,
      files,
      keys,
      tokenService,
      users,
      socketUrl: socketApi.url,
      // Without a console the browser is at least told that it is back.
      consoleUrl: consoleOrigins[0] ?? httpApi.url,
    });
    const container = new ContainerFunction(this, 'ContainerFunction', {
      ...common,
      files,
      keys,
      tokenService,
      socketUrl: socketApi.url,
    });
    new ReconcilerFunction(this, 'ReconcilerFunction', common);
    new WorkerFunction(this, 'WorkerFunction', {
      ...common,
      files,
      keys,
      tokenService,
      containers,
      socketApi,
      apiUrl: httpApi.url,
    });
    const sweeper = new SweeperFunction(this, 'SweeperFunction', common);
    const taskState = new TaskStateFunction(this, 'TaskStateFunction', { ...defaults, queues, containers });
    const audit = new FleetAuditFunction(this, 'FleetAuditFunction', { ...common, containers });
    const webhook = new WebhookFunction(this, 'WebhookFunction', { ...common, appSecrets });
    const authorizer = new AuthorizerFunction(this, 'AuthorizerFunction', { ...defaults, table, keys });
    const socket = new SocketFunction(this, 'SocketFunction', { ...defaults, table });

    new FunctionSchedule(this, 'SweepSchedule', {
      description: 'Gastown: wakes the towns whose time has come',
      target: sweeper,
      every: Duration.minutes(1),
      deadLetters: queues.sweepDeadLetters,
    });
    new FunctionSchedule(this, 'RedeliverySchedule', {
      description: 'Gastown: asks GitHub again for what it could not deliver',
      target: tokenService,
      every: Duration.minutes(5),
      input: { op: 'redeliver' },
      deadLetters: queues.redeliveryDeadLetters,
    });
    new FunctionSchedule(this, 'AuditSchedule', {
      description: 'Gastown: compares the tasks that there are with what towns think of them',
      target: audit,
      every: Duration.minutes(15),
      deadLetters: queues.auditDeadLetters,
    });
    new TaskStateRule(this, 'TaskStateRule', { containers, target: taskState, queues });
    const open = new OpenRoutes(this, 'OpenRoutes');
    socketApi.serve(socket, authorizer, open);
    httpApi.serve(
      [
        { routes: userRoutes(), target: api },
        { routes: taskRoutes(), target: container },
        { routes: forgeRoutes(), target: webhook },
      ],
      authorizer,
      users,
      open,
    );

    new CfnOutput(this, 'ApiUrl', { value: httpApi.url });
    new CfnOutput(this, 'SocketUrl', { value: socketApi.url });
    new CfnOutput(this, 'UserPoolId', { value: users.pool.userPoolId });
    new CfnOutput(this, 'GitHubAppKeySecret', { value: appSecrets.key.ref });
    new CfnOutput(this, 'GitHubAppWebhookSecret', { value: appSecrets.webhook.ref });
    new CfnOutput(this, 'UserPoolClientId', { value: users.client.userPoolClientId });
  }
}
