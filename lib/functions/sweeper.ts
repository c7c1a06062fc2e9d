import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import { sendTo, type TownQueues } from '../town-queues.ts';
import type { TownTable } from '../town-table.ts';

export interface SweeperFunctionProps extends FunctionDefaults {
  readonly table: TownTable;
  readonly queues: TownQueues;
  readonly codeVersion: string;
}

/** Wakes the towns that are due. It reads the due index, and no town. */
export class SweeperFunction extends TownFunction {
  constructor(
    scope: Construct,
    id: string,
    { table, queues, codeVersion, ...defaults }: SweeperFunctionProps,
  ) {
    super(scope, id, {
      ...defaults,
      name: 'sweeper',
      description: 'Gastown: wakes the towns whose time has come',
      // It stops by itself after 50 s.
      timeout: Duration.seconds(60),
      // The schedule does not wait for its answer: what failed would be lost without a trace, and the next minute repeats it.
      onFailure: queues.sweepDeadLetters,
      environment: {
        TABLE_NAME: table.table.tableName,
        TOWN_QUEUE_URL: queues.townEvents.queueUrl,
        CODE_VERSION: codeVersion,
      },
      permissions: [table.index('due'), sendTo(queues.townEvents)],
    });
  }
}
