import { MESSAGE_VERSION } from '../core/facts/message.ts';
import type { StoppedTask, TownQueue } from '../core/ports.ts';

/** Tells a town that the task of an epoch has stopped. The same again within five minutes is one message; later it is stale. */
export const tellStopped = (
  towns: TownQueue,
  task: { readonly taskArn: string; readonly townId: string; readonly epoch: number },
  { reason, exitCode }: StoppedTask,
): Promise<void> =>
  towns.send(
    {
      v: MESSAGE_VERSION,
      townId: task.townId,
      fact: { type: 'task_stopped', epoch: task.epoch, reason, exitCode },
    },
    `stopped-${task.taskArn.split('/').at(-1) ?? ''}`,
  );
