import { setTimeout as sleep } from 'node:timers/promises';
import { NoCapacity, Unavailable } from '../../../core/errors.ts';
import type { Tasks } from '../../../core/ports.ts';

/** How the platform treats the next starts. */
export type Behaviour =
  | { readonly kind: 'starts' }
  /** Takes its time, then starts. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Fails, and may work later. */
  | { readonly kind: 'refuses' }
  /** Has no room for it. */
  | { readonly kind: 'full' }
  /** Starts, and the task ends at once. */
  | { readonly kind: 'stops by itself'; readonly exitCode: number };

export interface ModelTask {
  readonly townId: string;
  readonly epoch: number;
  readonly taskArn: string;
  state: 'running' | 'stopped';
}

export interface ModelTasks extends Tasks {
  behaviour: Behaviour;
  /** Every call of `run`, refused ones too. */
  readonly starts: Parameters<Tasks['run']>[0][];
  /** Tasks that exist; an epoch has at most one. */
  readonly tasks: ModelTask[];
}

/** The platform that runs containers, as a small program with behaviours: nothing runs in these containers. */
export function createModelTasks(
  onStopped: (task: ModelTask, exitCode: number) => Promise<void>,
): ModelTasks {
  const tasks: ModelTask[] = [];
  const find = (townId: string, epoch: number) =>
    tasks.find((task) => task.townId === townId && task.epoch === epoch);
  const model: ModelTasks = {
    behaviour: { kind: 'starts' },
    starts: [],
    tasks,
    async run({ townId, epoch, memoryGiB }) {
      model.starts.push({ townId, epoch, memoryGiB });
      const { behaviour } = model;
      if (behaviour.kind === 'refuses') throw new Unavailable('it hiccups');
      if (behaviour.kind === 'full') throw new NoCapacity('RESOURCE:CPU');
      if (behaviour.kind === 'slow') await sleep(behaviour.ms);
      const known = find(townId, epoch);
      if (known !== undefined) return { taskArn: known.taskArn };
      const task: ModelTask = { townId, epoch, taskArn: `task/${townId}/${epoch}`, state: 'running' };
      tasks.push(task);
      if (behaviour.kind === 'stops by itself') {
        task.state = 'stopped';
        await onStopped(task, behaviour.exitCode);
      }
      return { taskArn: task.taskArn };
    },
    async stop({ townId, epoch, reason }) {
      const task = find(townId, epoch);
      if (task === undefined) return { state: 'absent' };
      task.state = 'stopped';
      return { state: 'stopped', stopped: { reason } };
    },
  };
  return model;
}
