import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { ContainerTask } from './container-task.ts';
import type { TownFunction } from './town-function.ts';
import type { TownQueues } from './town-queues.ts';

export interface TaskStateRuleProps {
  readonly containers: ContainerTask;
  readonly target: TownFunction;
  readonly queues: TownQueues;
}

/** Calls a function for each task of the cluster that has stopped. */
export class TaskStateRule extends Construct {
  constructor(scope: Construct, id: string, { containers, target, queues }: TaskStateRuleProps) {
    super(scope, id);
    const rule = new Rule(this, 'Rule', {
      description: 'Gastown: containers of towns that have stopped',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [containers.cluster.clusterArn], lastStatus: ['STOPPED'] },
      },
    });
    rule.addTarget(
      new LambdaFunction(target.function, {
        deadLetterQueue: queues.taskStateDeadLetters,
        // Later the town has long found out by itself.
        maxEventAge: Duration.hours(1),
        retryAttempts: 10,
      }),
    );
  }
}
