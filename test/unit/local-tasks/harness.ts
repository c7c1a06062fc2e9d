import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { isSameProcess } from '../../../local/tasks/process-identity.ts';
import { taskRecord, type TaskRecord } from '../../../local/tasks/task-record.ts';
import { createTaskRunner, type TaskRunner } from '../../../local/tasks/task-runner.ts';
import type { Task } from '../../../local/tasks/task.ts';

export const program = (name: string): string => new URL(`programs/${name}.ts`, import.meta.url).pathname;

export type Behaviour = 'obedient' | 'exits' | 'idle' | 'stubborn' | 'leaves-a-child';

export interface Harness {
  dataDir: string;
  /** A runner on the same folder; what it started is stopped at the end. */
  runner(behaviour?: Behaviour, command?: string[]): { runner: TaskRunner; stopped: Task[] };
  record(taskArn: string): Promise<TaskRecord>;
  log(taskArn: string): Promise<string>;
  dir(taskArn: string): string;
  close(): Promise<void>;
}

export async function makeHarness(): Promise<Harness> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gastown-tasks-'));
  const runners: TaskRunner[] = [];
  const dir = (taskArn: string): string => join(dataDir, 'tasks', taskArn.split('/').at(-1) ?? '');
  return {
    dataDir,
    dir,
    runner(behaviour = 'obedient', command = [process.execPath, program('supervisor')]) {
      const stopped: Task[] = [];
      const runner = createTaskRunner({
        dataDir,
        command,
        baseEnv: { BEHAVIOUR: behaviour },
        onTaskStopped: (task) => stopped.push(task),
        stopTimeoutMs: 500,
      });
      runners.push(runner);
      return { runner, stopped };
    },
    record: async (taskArn) =>
      taskRecord.parse(JSON.parse(await readFile(join(dir(taskArn), 'task.json'), 'utf8'))),
    log: (taskArn) => readFile(join(dir(taskArn), 'task.log'), 'utf8'),
    async close() {
      await Promise.all(runners.map((runner) => runner.close()));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Waits until the task's program says that it is ready, and returns its log. */
export function ready(harness: Harness, taskArn: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const log = await harness.log(taskArn);
      if (!log.includes('ready')) {
        throw new Error(`not ready: ${log}`);
      }
      return log;
    },
    { timeout: 10_000, interval: 10 },
  );
}

export async function isRunning(record: TaskRecord): Promise<boolean> {
  return isSameProcess(record.pid ?? 0, record.processStartTime ?? 'unknown');
}
