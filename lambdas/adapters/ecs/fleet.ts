import {
  DescribeTasksCommand,
  ListTasksCommand,
  StopTaskCommand,
  type ECSClient,
  type Task,
} from '@aws-sdk/client-ecs';
import type { Fleet, FleetTask } from '../../../core/ports.ts';
import { ownerOf } from './started-by.ts';
import { stoppedTask } from './stopped-task.ts';

type Status = 'RUNNING' | 'STOPPED';

/** The tasks of a cluster. ECS lists what has stopped for about an hour. */
export function createEcsFleet({ ecs, cluster }: { ecs: ECSClient; cluster: string }): Fleet {
  const list = async (desiredStatus: Status, nextToken?: string) => {
    const { taskArns = [], nextToken: next } = await ecs.send(
      new ListTasksCommand({ cluster, desiredStatus, maxResults: 100, nextToken }),
    );
    if (taskArns.length === 0) return { tasks: [], next };
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    return { tasks: tasks.flatMap(fleetTask), next };
  };
  return {
    async page(after = 'RUNNING ') {
      const [status = '', token = ''] = after.split(' ');
      const desired: Status = status === 'STOPPED' ? 'STOPPED' : 'RUNNING';
      const { tasks, next } = await list(desired, token === '' ? undefined : token).catch(
        (error: unknown) => {
          // A token is good for a while only.
          const isForgotten = error instanceof Error && error.name === 'InvalidParameterException';
          if (token === '' || !isForgotten) throw error;
          return list(desired);
        },
      );
      if (next !== undefined) return { tasks, next: `${desired} ${next}` };
      return { tasks, next: desired === 'RUNNING' ? 'STOPPED ' : undefined };
    },
    async stop(taskArn, reason) {
      await ecs.send(new StopTaskCommand({ cluster, task: taskArn, reason: reason.slice(0, 255) }));
    },
  };
}

function fleetTask(task: Task): FleetTask[] {
  const owner = ownerOf(task.startedBy);
  if (owner === undefined || task.taskArn === undefined) return [];
  const common = { ...owner, taskArn: task.taskArn };
  if (task.lastStatus === 'STOPPED') return [{ ...common, stopped: stoppedTask(task) }];
  // On its way out: its end comes as an event, and the next look sees it.
  return task.desiredStatus === 'STOPPED' ? [] : [common];
}
