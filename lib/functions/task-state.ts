import type { Construct } from 'constructs';
import type { ContainerTask } from '../container-task.ts';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import { sendTo, type TownQueues } from '../town-queues.ts';

export interface TaskStateFunctionProps extends FunctionDefaults {
  readonly queues: TownQueues;
  readonly containers: ContainerTask;
}

/** Tells towns that their tasks have stopped. It reads nothing. */
export class TaskStateFunction extends TownFunction {
  constructor(scope: Construct, id: string, { queues, containers, ...defaults }: TaskStateFunctionProps) {
    super(scope, id, {
      ...defaults,
      name: 'task-state',
      description: 'Gastown: tells towns that their containers have stopped',
      // The rule does not wait for its answer.
      onFailure: queues.taskStateDeadLetters,
      retryAttempts: 2,
      environment: {
        TOWN_QUEUE_URL: queues.townEvents.queueUrl,
        CLUSTER: containers.cluster.clusterArn,
      },
      permissions: [sendTo(queues.townEvents)],
    });
  }
}
