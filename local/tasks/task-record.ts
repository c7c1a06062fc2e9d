import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** What is known of a task, on disk beside its log. Times are ISO-8601. */
export const taskRecord = z.object({
  taskArn: z.string(),
  taskId: z.string(),
  clientToken: z.string(),
  /** Of town, epoch and environment; the environment itself holds secrets and is never written. */
  parameterHash: z.string(),
  townId: z.string(),
  epoch: z.number().int(),
  pid: z.number().int().optional(),
  processStartTime: z.string().optional(),
  lastStatus: z.enum(['PENDING', 'RUNNING', 'STOPPED']),
  startedAt: z.string(),
  stoppedAt: z.string().optional(),
  stoppedReason: z.string().optional(),
  exitCode: z.number().int().optional(),
});
export type TaskRecord = z.infer<typeof taskRecord>;

export interface TaskParameters {
  readonly townId: string;
  readonly epoch: number;
  readonly env: Readonly<Record<string, string>>;
}

export function parameterHash({ townId, epoch, env }: TaskParameters): string {
  const sortedEnv = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([townId, epoch, sortedEnv]))
    .digest('hex');
}

export function taskDir(dataDir: string, taskId: string): string {
  return join(dataDir, 'tasks', taskId);
}

/** Replaces the record as a whole. Synchronous: it is small, and no two writes of a task can then overtake each other. */
export function writeTaskRecord(dataDir: string, record: TaskRecord): void {
  const dir = taskDir(dataDir, record.taskId);
  mkdirSync(dir, { recursive: true });
  const temporary = join(dir, 'task.json.tmp');
  writeFileSync(temporary, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(temporary, join(dir, 'task.json'));
}

/** Every readable record. A folder without one was left before its task was started. */
export function readTaskRecords(dataDir: string): TaskRecord[] {
  const tasksDir = join(dataDir, 'tasks');
  mkdirSync(tasksDir, { recursive: true });
  return readdirSync(tasksDir).flatMap((taskId) => readTaskRecord(dataDir, taskId) ?? []);
}

function readTaskRecord(dataDir: string, taskId: string): TaskRecord | undefined {
  try {
    const text = readFileSync(join(taskDir(dataDir, taskId), 'task.json'), 'utf8');
    return taskRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
