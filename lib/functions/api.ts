import type { Construct } from 'constructs';
import type { FilesBucket } from '../files-bucket.ts';
import type { Keys } from '../keys.ts';
import type { Users } from '../user-pool.ts';
import type { GitTokenServiceFunction } from './git-token-service.ts';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import { sendTo, type TownQueues } from '../town-queues.ts';
import type { TownTable } from '../town-table.ts';

export interface ApiFunctionProps extends FunctionDefaults {
  readonly table: TownTable;
  readonly queues: TownQueues;
  readonly files: FilesBucket;
  readonly keys: Keys;
  readonly tokenService: GitTokenServiceFunction;
  readonly users: Users;
  /** Where browsers connect: `wss://…`. */
  readonly socketUrl: string;
  /** Where browsers are sent on to: an origin. */
  readonly consoleUrl: string;
  readonly codeVersion: string;
}

/** What people call. It takes secrets, and cannot read one. */
export class ApiFunction extends TownFunction {
  constructor(
    scope: Construct,
    id: string,
    {
      table,
      queues,
      files,
      keys,
      tokenService,
      users,
      socketUrl,
      consoleUrl,
      codeVersion,
      ...defaults
    }: ApiFunctionProps,
  ) {
    super(scope, id, {
      ...defaults,
      name: 'api',
      description: 'Gastown: the routes of users',
      memoryMiB: 1024,
      environment: {
        TABLE_NAME: table.table.tableName,
        TOWN_QUEUE_URL: queues.townEvents.queueUrl,
        EFFECT_QUEUE_URL: queues.effects.queueUrl,
        BUCKET_NAME: files.bucket.bucketName,
        SECRETS_KEY_ID: keys.secrets.keyId,
        TOKEN_SERVICE: tokenService.function.functionName,
        SOCKET_URL: socketUrl,
        CONSOLE_URL: consoleUrl,
        SIGN_IN_ISSUER: users.pool.userPoolProviderUrl,
        SIGN_IN_CLIENT_ID: users.client.userPoolClientId,
        CODE_VERSION: codeVersion,
      },
      permissions: [
        table.items([
          'GetItem',
          'BatchGetItem',
          'Query',
          'PutItem',
          'UpdateItem',
          'DeleteItem',
          'ConditionCheckItem',
        ]),
        table.index('done'),
        sendTo(queues.townEvents),
        sendTo(queues.effects),
        // What it signs URLs for: to fetch an export, to bring an import.
        files.files('GetObject', 'PutObject'),
        files.list(),
        keys.useSecrets('Encrypt'),
        tokenService.ask(),
      ],
    });
  }
}
