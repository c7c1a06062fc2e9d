import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { EFFECTS_VISIBILITY, sendTo, type TownQueues } from '../town-queues.ts';
import type { ContainerTask } from '../container-task.ts';
import type { FilesBucket } from '../files-bucket.ts';
import type { Keys } from '../keys.ts';
import type { GitTokenServiceFunction } from './git-token-service.ts';
import type { SocketApi } from '../socket-api.ts';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import type { TownTable } from '../town-table.ts';

export interface WorkerFunctionProps extends FunctionDefaults {
  readonly table: TownTable;
  readonly queues: TownQueues;
  readonly files: FilesBucket;
  readonly keys: Keys;
  readonly tokenService: GitTokenServiceFunction;
  readonly containers: ContainerTask;
  readonly socketApi: SocketApi;
  /** What containers call: `https://…`, without `/v1`. */
  readonly apiUrl: string;
  readonly codeVersion: string;
  /**
   * Most effects at a time.
   * @default 20
   */
  readonly maxConcurrency?: number;
}

/** Does the effects: fed by the effects queue, one at a time in each of its environments. */
export class WorkerFunction extends TownFunction {
  constructor(scope: Construct, id: string, props: WorkerFunctionProps) {
    const {
      table,
      queues,
      files,
      keys,
      tokenService,
      containers,
      socketApi,
      apiUrl,
      codeVersion,
      maxConcurrency,
      ...defaults
    } = props;
    super(scope, id, {
      ...defaults,
      name: 'worker',
      description: 'Gastown: does what towns have decided',
      // As long as its message is hidden from others.
      timeout: EFFECTS_VISIBILITY,
      environment: {
        TABLE_NAME: table.table.tableName,
        BUCKET_NAME: files.bucket.bucketName,
        TOWN_QUEUE_URL: queues.townEvents.queueUrl,
        CODE_VERSION: codeVersion,
        API_URL: apiUrl,
        CONNECTIONS_URL: socketApi.connectionsUrl,
        SIGNING_KEY_ID: keys.signing.keyId,
        MAC_KEY_ID: keys.mac.keyId,
        SECRETS_KEY_ID: keys.secrets.keyId,
        TOKEN_SERVICE: tokenService.function.functionName,
        CLUSTER: containers.cluster.clusterArn,
        TASK_DEFINITION: containers.definition.taskDefinitionArn,
        CONTAINER_NAME: containers.containerName,
        SUBNETS: containers.subnetIds.join(','),
        SECURITY_GROUPS: containers.securityGroup.securityGroupId,
      },
      policies: [containers.findAndStop],
      permissions: [
        table.items(['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem']),
        files.files('GetObject', 'PutObject', 'DeleteObject', 'AbortMultipartUpload'),
        files.list(),
        sendTo(queues.townEvents),
        keys.makeBootstrapTokens(),
        keys.useSecrets('Decrypt'),
        tokenService.ask(),
        ...containers.start(),
        socketApi.post(),
      ],
    });
    this.function.addEventSource(
      new SqsEventSource(queues.effects, {
        batchSize: 1,
        reportBatchItemFailures: true,
        maxConcurrency: maxConcurrency ?? 20,
      }),
    );
    socketApi.acknowledgePost(this);
  }
}
