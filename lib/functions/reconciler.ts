import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import { sendTo, type TownQueues } from '../town-queues.ts';
import type { TownTable } from '../town-table.ts';

export interface ReconcilerFunctionProps extends FunctionDefaults {
  readonly table: TownTable;
  readonly queues: TownQueues;
  readonly codeVersion: string;
  /**
   * Most towns-queue batches at a time. Never a reserved concurrency: that throttles, and throttled messages are lost to the
   * dead letters.
   * @default 50
   */
  readonly maxConcurrency?: number;
}

/** Moves towns: fed by the town queue, one batch of a town at a time. */
export class ReconcilerFunction extends TownFunction {
  constructor(
    scope: Construct,
    id: string,
    { table, queues, codeVersion, maxConcurrency = 50, ...defaults }: ReconcilerFunctionProps,
  ) {
    super(scope, id, {
      ...defaults,
      name: 'reconciler',
      description: 'Gastown: reads a town, decides, commits',
      memoryMiB: 1024,
      // Within the visibility of its messages, so that a slow batch is not given to a second one.
      timeout: Duration.seconds(50),
      environment: {
        TABLE_NAME: table.table.tableName,
        TOWN_QUEUE_URL: queues.townEvents.queueUrl,
        EFFECT_QUEUE_URL: queues.effects.queueUrl,
        CODE_VERSION: codeVersion,
      },
      permissions: [
        table.items(['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem']),
        sendTo(queues.townEvents),
        sendTo(queues.effects),
      ],
    });
    this.function.addEventSource(
      new SqsEventSource(queues.townEvents, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency }),
    );
  }
}
