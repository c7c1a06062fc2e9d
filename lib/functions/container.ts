import type { Construct } from 'constructs';
import { SNAPSHOTS, type FilesBucket } from '../files-bucket.ts';
import type { Keys } from '../keys.ts';
import type { GitTokenServiceFunction } from './git-token-service.ts';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import { sendTo, type TownQueues } from '../town-queues.ts';
import type { TownTable } from '../town-table.ts';

export interface ContainerFunctionProps extends FunctionDefaults {
  readonly table: TownTable;
  readonly queues: TownQueues;
  readonly files: FilesBucket;
  readonly keys: Keys;
  readonly tokenService: GitTokenServiceFunction;
  /** Where containers connect for pokes: `wss://…`. */
  readonly socketUrl: string;
  readonly codeVersion: string;
}

/** What containers and agents call. It hands out tokens and a town's own credentials. */
export class ContainerFunction extends TownFunction {
  constructor(
    scope: Construct,
    id: string,
    { table, queues, files, keys, tokenService, socketUrl, codeVersion, ...defaults }: ContainerFunctionProps,
  ) {
    super(scope, id, {
      ...defaults,
      name: 'container',
      description: 'Gastown: the routes of containers and agents',
      environment: {
        TABLE_NAME: table.table.tableName,
        BUCKET_NAME: files.bucket.bucketName,
        TOWN_QUEUE_URL: queues.townEvents.queueUrl,
        SOCKET_URL: socketUrl,
        SIGNING_KEY_ID: keys.signing.keyId,
        MAC_KEY_ID: keys.mac.keyId,
        SECRETS_KEY_ID: keys.secrets.keyId,
        TOKEN_SERVICE: tokenService.function.functionName,
        CODE_VERSION: codeVersion,
      },
      permissions: [
        table.items(['GetItem', 'Query', 'PutItem', 'UpdateItem']),
        files.within(SNAPSHOTS, 'GetObject', 'PutObject', 'DeleteObject'),
        files.listWithin(SNAPSHOTS),
        sendTo(queues.townEvents),
        keys.sign(),
        keys.makeBootstrapTokens(),
        keys.useSecrets('Decrypt'),
        tokenService.ask(),
      ],
    });
  }
}
