import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ContainerTask } from '../container-task.ts';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import { sendTo, type TownQueues } from '../town-queues.ts';
import type { TownTable } from '../town-table.ts';

export interface FleetAuditFunctionProps extends FunctionDefaults {
  readonly table: TownTable;
  readonly queues: TownQueues;
  readonly containers: ContainerTask;
  readonly codeVersion: string;
}

/** Compares the tasks that there are with what the towns think of them. It writes nothing to a town. */
export class FleetAuditFunction extends TownFunction {
  constructor(
    scope: Construct,
    id: string,
    { table, queues, containers, codeVersion, ...defaults }: FleetAuditFunctionProps,
  ) {
    super(scope, id, {
      ...defaults,
      name: 'fleet-audit',
      description: 'Gastown: compares the tasks that there are with what towns think of them',
      // It begins nothing after 50 s.
      timeout: Duration.seconds(90),
      onFailure: queues.auditDeadLetters,
      environment: {
        TABLE_NAME: table.table.tableName,
        TOWN_QUEUE_URL: queues.townEvents.queueUrl,
        CLUSTER: containers.cluster.clusterArn,
        CODE_VERSION: codeVersion,
      },
      policies: [containers.findAndStop],
      permissions: [
        table.items(['GetItem'], ['TOWN#*', 'PLATFORM#AUDIT']),
        table.items(['PutItem'], ['PLATFORM#AUDIT']),
        sendTo(queues.townEvents),
      ],
    });
  }
}
