import {
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  type ECSClient,
  type Task,
} from '@aws-sdk/client-ecs';
import { NoCapacity } from '../../../core/errors.ts';
import type { Tasks, TokenSigner } from '../../../core/ports.ts';
import { startedBy } from './started-by.ts';
import { taskSize } from './task-size.ts';

export interface EcsTasksOptions {
  readonly ecs: ECSClient;
  readonly tokens: Pick<TokenSigner, 'bootstrapToken'>;
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly containerName: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly apiUrl: string;
}

/** Tasks on Fargate. A start is idempotent by its client token, which names the epoch. */
export function createEcsTasks(options: EcsTasksOptions): Tasks {
  const { ecs, cluster } = options;

  const find = async (townId: string, epoch: number, taskArn?: string): Promise<Task | undefined> => {
    const arns = new Set(taskArn === undefined ? [] : [taskArn]);
    if (arns.size === 0) {
      // ECS takes no other filter beside `startedBy`, and lists what has not stopped.
      const listed = await ecs.send(new ListTasksCommand({ cluster, startedBy: startedBy(townId, epoch) }));
      for (const arn of listed.taskArns ?? []) arns.add(arn);
    }
    if (arns.size === 0) return undefined;
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [...arns] }));
    return tasks.find(({ lastStatus }) => lastStatus !== 'STOPPED') ?? tasks[0];
  };

  return {
    async run({ townId, epoch, memoryGiB }) {
      const environment = [
        { name: 'GASTOWN_TOWN_ID', value: townId },
        { name: 'GASTOWN_EPOCH', value: `${epoch}` },
        { name: 'GASTOWN_API_URL', value: options.apiUrl },
        { name: 'GASTOWN_BOOTSTRAP_TOKEN', value: await options.tokens.bootstrapToken({ townId, epoch }) },
      ];
      try {
        const { tasks = [], failures = [] } = await ecs.send(
          new RunTaskCommand({
            cluster,
            taskDefinition: options.taskDefinition,
            launchType: 'FARGATE',
            clientToken: startedBy(townId, epoch).slice(-64),
            startedBy: startedBy(townId, epoch),
            overrides: {
              ...taskSize(memoryGiB),
              containerOverrides: [{ name: options.containerName, environment }],
            },
            networkConfiguration: {
              awsvpcConfiguration: {
                subnets: [...options.subnets],
                securityGroups: [...options.securityGroups],
                assignPublicIp: 'ENABLED',
              },
            },
          }),
        );
        const taskArn = tasks[0]?.taskArn;
        if (taskArn !== undefined) return { taskArn };
        // Whatever reason ECS gives here, on Fargate it is that there is no room: no capacity, or a quota is used up.
        const [failure] = failures;
        throw new NoCapacity(`ECS did not start the task: ${failure?.reason ?? 'no reason given'}`);
      } catch (error) {
        // A conflict means that this epoch was started before, with other bytes: that task is ours.
        const arn = adoptedTask(error);
        if (arn !== undefined) return { taskArn: arn };
        if (error instanceof Error && QUOTA_ERRORS.has(error.name))
          throw new NoCapacity(`ECS did not start the task: ${error.message}`, { cause: error });
        throw error;
      }
    },
    async stop({ townId, epoch, taskArn, reason }) {
      const task = await find(townId, epoch, taskArn);
      if (task?.taskArn === undefined) return { state: 'absent' };
      if (task.lastStatus === 'STOPPED') {
        const stopped = { reason: task.stoppedReason ?? reason, exitCode: task.containers?.[0]?.exitCode };
        return { state: 'stopped', stopped };
      }
      await ecs.send(new StopTaskCommand({ cluster, task: task.taskArn, reason: reason.slice(0, 255) }));
      return { state: 'stopping' };
    },
  };
}

/** A quota of tasks or vCPUs is used up, or RunTask is called too often: all that helps is to wait longer. */
const QUOTA_ERRORS = new Set(['LimitExceededException', 'ThrottlingException']);

/** The task that a ConflictException names. */
export function adoptedTask(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'ConflictException' || !('resourceIds' in error))
    return undefined;
  const { resourceIds } = error;
  const [first] = Array.isArray(resourceIds) ? (resourceIds as readonly unknown[]) : [];
  return typeof first === 'string' ? first : undefined;
}
