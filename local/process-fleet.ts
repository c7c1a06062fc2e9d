import type { Fleet } from '../core/ports.ts';
import type { TaskRunner } from './tasks/task-runner.ts';

/** How long ECS lists what has stopped. */
const LISTED_MS = 60 * 60_000;

/** The fleet of child processes; they fit one page. */
export const createProcessFleet = (runner: TaskRunner): Fleet => ({
  async page() {
    const listed = (await runner.list()).filter(
      ({ stoppedAt }) => stoppedAt === undefined || Date.parse(stoppedAt) > Date.now() - LISTED_MS,
    );
    const tasks = listed.map(({ taskArn, townId, epoch, lastStatus, stoppedReason, exitCode }) => ({
      taskArn,
      townId,
      epoch,
      ...(lastStatus === 'STOPPED'
        ? { stopped: { reason: stoppedReason ?? 'the task stopped', exitCode } }
        : {}),
    }));
    return { tasks, next: undefined };
  },
  stop: (taskArn, reason) => runner.stopTask(taskArn, reason),
});
