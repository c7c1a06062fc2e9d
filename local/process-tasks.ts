import { Unavailable } from '../core/errors.ts';
import type { Tasks, TokenSigner } from '../core/ports.ts';
import { adoptedTask } from '../lambdas/adapters/ecs/tasks.ts';
import type { TaskRunner } from './tasks/task-runner.ts';

/** How long a stop is waited for before the worker asks again, in milliseconds. */
const STOP_WAIT_MS = 3000;

/** The port for tasks, on child processes: the same client tokens and the same fences as on Fargate. */
export function createProcessTasks(
  runner: TaskRunner,
  tokens: Pick<TokenSigner, 'bootstrapToken'>,
  apiUrl: () => string,
): Tasks {
  return {
    async run({ townId, epoch }) {
      const env = {
        GASTOWN_TOWN_ID: townId,
        GASTOWN_EPOCH: `${epoch}`,
        GASTOWN_API_URL: apiUrl(),
        GASTOWN_BOOTSTRAP_TOKEN: await tokens.bootstrapToken({ townId, epoch }),
      };
      try {
        return await runner.runTask({ clientToken: `${townId}/${epoch}`, townId, epoch, env });
      } catch (error) {
        const taskArn = adoptedTask(error);
        if (taskArn !== undefined) return { taskArn };
        throw new Unavailable('The task could not be started.', { cause: error });
      }
    },
    async stop({ townId, epoch, reason }) {
      const find = async () =>
        (await runner.list()).find((task) => task.townId === townId && task.epoch === epoch);
      const task = await find();
      if (task === undefined) return { state: 'absent' };
      if (task.lastStatus !== 'STOPPED') await runner.stopTask(task.taskArn, reason);
      for (let waitedMs = 0; waitedMs < STOP_WAIT_MS; waitedMs += 100) {
        const current = await find();
        if (current?.lastStatus === 'STOPPED') {
          return {
            state: 'stopped',
            stopped: { reason: current.stoppedReason ?? reason, exitCode: current.exitCode },
          };
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return { state: 'stopping' };
    },
  };
}
