import * as z from 'zod';
import type { Telemetry, TownQueue } from '../../core/ports.ts';
import { ownerOf } from '../adapters/ecs/started-by.ts';
import { stoppedTask } from '../adapters/ecs/stopped-task.ts';
import { tellStopped } from '../tell-stopped.ts';

export interface TaskStateDeps {
  readonly towns: TownQueue;
  readonly telemetry: Telemetry;
  /** ARN of the cluster whose tasks are towns' containers. */
  readonly cluster: string;
}

/** As much of the event as a town is told of; ECS adds to it as it likes. */
const taskStateChange = z.object({
  source: z.literal('aws.ecs'),
  'detail-type': z.literal('ECS Task State Change'),
  detail: z.object({
    clusterArn: z.string(),
    taskArn: z.string(),
    lastStatus: z.string(),
    startedBy: z.string().optional(),
    stopCode: z.string().optional(),
    stoppedReason: z.string().optional(),
    containers: z.array(z.object({ exitCode: z.number().int().optional() })).optional(),
  }),
});

/** Takes what ECS says of tasks. What is not understood, or of no town, is dropped and counted; what cannot be sent is thrown. */
export function createTaskStateHandler({ towns, telemetry, cluster }: TaskStateDeps) {
  const dropped = (why: string, detail?: string): void => {
    telemetry.count('task_state.dropped', 1);
    telemetry.log('warn', 'task state dropped', { why, detail });
  };
  return async (event: unknown): Promise<void> => {
    const parsed = taskStateChange.safeParse(event);
    if (!parsed.success) return dropped('not understood', parsed.error.message.slice(0, 500));
    const { detail } = parsed.data;
    if (detail.clusterArn !== cluster) return dropped('of another cluster', detail.clusterArn);
    // The rule asks for nothing else; a state that is under way tells a town nothing that its sync does not.
    if (detail.lastStatus !== 'STOPPED') return dropped('not stopped', detail.lastStatus);
    const owner = ownerOf(detail.startedBy);
    if (owner === undefined) return dropped('of no town', detail.taskArn);
    await tellStopped(towns, { ...owner, taskArn: detail.taskArn }, stoppedTask(detail));
    telemetry.count('task_state.stopped', 1);
  };
}
