import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { settledWithin } from '../bounded-wait.ts';
import { ConflictException, InvalidParameterException } from './errors.ts';
import { killProcessGroup } from './process-group.ts';
import { isSameProcess, processStartTime } from './process-identity.ts';
import { describeRecord, type Task } from './task.ts';
import { removeDisk, startTaskProcess, type ProcessEnd, type TaskProcess } from './task-process.ts';
import {
  parameterHash,
  readTaskRecords,
  taskDir,
  writeTaskRecord,
  type TaskParameters,
  type TaskRecord,
} from './task-record.ts';

const ARN_PREFIX = 'arn:aws:ecs:us-east-1:000000000000:task/gastown-local/';
const DEFAULT_STOP_TIMEOUT_MS = 10_000;
/** For the last processes of a killed group to go. */
const KILL_TIMEOUT_MS = 2_000;
/** How long the folder of a stopped task is kept. ECS honours a client token for 24 h. */
const RETENTION_MS = 7 * 24 * 60 * 60 * 1_000;

export interface TaskRunnerOptions {
  /** Records, logs and disks are in `<dataDir>/tasks/<taskId>/`. One runner at a time may use it. */
  readonly dataDir: string;
  /** Program and arguments of the supervisor; the same for every task. */
  readonly command: readonly string[];
  /** What every task's environment holds; nothing else is inherited from this process. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** Called once for each task that has stopped, when its processes and its disk are gone. */
  readonly onTaskStopped: (task: Task) => void;
  /** From SIGTERM to SIGKILL. @default 10 000 */
  readonly stopTimeoutMs?: number;
}

export interface RunTaskRequest extends TaskParameters {
  readonly clientToken: string;
}

export interface TaskRunner {
  /**
   * Starts a task, or returns the one that was started with this token and these parameters, also by an earlier runner.
   * A program that cannot be started makes a STOPPED task, as on ECS. Throws `ConflictException` if the token was used with
   * other parameters.
   */
  runTask(request: RunTaskRequest): Promise<{ taskArn: string }>;
  /** Asks the task to stop (SIGTERM, later SIGKILL) and does not wait. Throws `InvalidParameterException` if unknown. */
  stopTask(taskArn: string, reason: string): Promise<void>;
  describeTask(taskArn: string): Promise<Task | undefined>;
  /** Every task on record, oldest first. */
  list(): Promise<Task[]>;
  /** To be called at start: ends what an earlier runner left behind, and says so by `onTaskStopped`. */
  recover(): Promise<void>;
  /** Stops all tasks and waits for them, at most `stopTimeoutMs` and 5 s. No task can be run after. */
  close(): Promise<void>;
}

interface Entry {
  record: TaskRecord;
  /** Undefined for the task of an earlier runner. */
  own: TaskProcess | undefined;
  /** Its process was started and recorded. */
  started: Promise<void>;
  /** Its record says STOPPED, and that was told. Undefined while nothing ends the task of an earlier runner. */
  stopped: Promise<void> | undefined;
  stopReason: string | undefined;
}

/** The stand-in for ECS: a task is a child process, in a process group of its own. */
export function createTaskRunner(options: TaskRunnerOptions): TaskRunner {
  const { stopTimeoutMs = DEFAULT_STOP_TIMEOUT_MS } = options;
  const dataDir = resolve(options.dataDir);
  const entries = new Map<string, Entry>();
  const arnByToken = new Map<string, string>();
  let isClosed = false;

  for (const record of readTaskRecords(dataDir).sort(byStart)) {
    entries.set(record.taskArn, {
      record,
      own: undefined,
      started: Promise.resolve(),
      stopped: undefined,
      stopReason: undefined,
    });
    arnByToken.set(record.clientToken, record.taskArn);
  }

  async function runTask(request: RunTaskRequest): Promise<{ taskArn: string }> {
    if (isClosed) {
      throw new Error('the task runner is closed');
    }
    const hash = parameterHash(request);
    const known = entries.get(arnByToken.get(request.clientToken) ?? '');
    if (known !== undefined) {
      if (known.record.parameterHash !== hash) {
        throw new ConflictException(known.record.taskArn);
      }
      await known.started;
      return { taskArn: known.record.taskArn };
    }
    // Nothing is awaited between the look-up and here: of two requests with one token, the second finds the first.
    const entry = start(request, hash);
    await entry.started;
    return { taskArn: entry.record.taskArn };
  }

  /**
   * The record is written with its token before the process exists, and gets the pid after. A crash in between leaves a
   * PENDING record without a pid, and perhaps a process that is not recorded: that process ends itself, since its stdin
   * broke with us; `recover` marks the record STOPPED; and its token never starts a second task.
   */
  function start(request: RunTaskRequest, hash: string): Entry {
    const taskId = randomBytes(16).toString('hex');
    const record: TaskRecord = {
      taskArn: `${ARN_PREFIX}${taskId}`,
      taskId,
      clientToken: request.clientToken,
      parameterHash: hash,
      townId: request.townId,
      epoch: request.epoch,
      lastStatus: 'PENDING',
      startedAt: new Date().toISOString(),
    };
    writeTaskRecord(dataDir, record);
    const dir = taskDir(dataDir, taskId);
    let task: TaskProcess;
    try {
      task = startTaskProcess(dir, options.command, { ...options.baseEnv, ...request.env });
    } catch (error) {
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
    const entry: Entry = {
      record,
      own: task,
      started: Promise.resolve(),
      stopped: undefined,
      stopReason: undefined,
    };
    entries.set(record.taskArn, entry);
    arnByToken.set(record.clientToken, record.taskArn);
    entry.stopped = task.ended.then((end) => concludeOwn(entry, task, end));
    entry.started = recordProcess(entry, task);
    return entry;
  }

  async function recordProcess(entry: Entry, task: TaskProcess): Promise<void> {
    const { pid } = task.child;
    if (pid === undefined) {
      await entry.stopped;
      return;
    }
    update(entry, { pid });
    const startTime = await processStartTime(pid);
    if (entry.record.lastStatus === 'PENDING') {
      update(entry, {
        lastStatus: 'RUNNING',
        ...(startTime === undefined ? {} : { processStartTime: startTime }),
      });
    }
  }

  async function concludeOwn(entry: Entry, task: TaskProcess, end: ProcessEnd): Promise<void> {
    if (end.kind === 'failedToStart') {
      await conclude(entry, `TaskFailedToStart: ${end.message}`);
      return;
    }
    if (task.child.pid !== undefined) {
      // What the supervisor left running goes with it, as in a container.
      await killProcessGroup(task.child.pid, KILL_TIMEOUT_MS);
    }
    const how = end.signal === undefined ? `with code ${end.exitCode}` : `by ${end.signal}`;
    await conclude(entry, entry.stopReason ?? `Essential container in task exited ${how}`, end.exitCode);
  }

  async function conclude(entry: Entry, stoppedReason: string, exitCode?: number): Promise<void> {
    // None of these may fail: a task that never counts as stopped would hold up its town.
    await removeDisk(taskDir(dataDir, entry.record.taskId)).catch(warn);
    update(entry, {
      lastStatus: 'STOPPED',
      stoppedReason,
      stoppedAt: new Date().toISOString(),
      ...(exitCode === undefined ? {} : { exitCode }),
    });
    try {
      options.onTaskStopped(describeRecord(entry.record));
    } catch (error) {
      warn(error);
    }
  }

  function update(entry: Entry, changes: Partial<TaskRecord>): void {
    entry.record = { ...entry.record, ...changes };
    try {
      writeTaskRecord(dataDir, entry.record);
    } catch (error) {
      // The process is there all the same: this runner goes on with what it knows.
      warn(error);
    }
  }

  async function stopTask(taskArn: string, reason: string): Promise<void> {
    const entry = entries.get(taskArn);
    if (entry === undefined) {
      throw new InvalidParameterException(taskArn);
    }
    if (entry.record.lastStatus === 'STOPPED') {
      return;
    }
    if (entry.own === undefined) {
      await endLeftover(entry, reason);
    } else {
      terminate(entry, entry.own, reason);
    }
  }

  function terminate(entry: Entry, task: TaskProcess, reason: string): void {
    const { child } = task;
    if (entry.stopReason !== undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    entry.stopReason = reason;
    // To the supervisor alone, as ECS does: it decides in which order its agents end.
    child.kill('SIGTERM');
    void settledWithin(task.ended, stopTimeoutMs).then((hasEnded) =>
      hasEnded || child.pid === undefined ? undefined : killProcessGroup(child.pid, KILL_TIMEOUT_MS),
    );
  }

  /** Once for each task, whoever asks. */
  function endLeftover(entry: Entry, reason: string): Promise<void> {
    return (entry.stopped ??= killLeftover(entry.record).then(() => conclude(entry, reason)));
  }

  async function recover(): Promise<void> {
    const leftovers = [...entries.values()].filter((entry) => entry.own === undefined);
    for (const entry of leftovers) {
      const { lastStatus, stoppedAt, startedAt } = entry.record;
      if (lastStatus !== 'STOPPED') {
        await endLeftover(entry, 'The machine that ran the task was restarted');
      } else if (Date.now() - Date.parse(stoppedAt ?? startedAt) > RETENTION_MS) {
        forget(entry.record);
      }
    }
  }

  function forget({ taskId, taskArn, clientToken }: TaskRecord): void {
    rmSync(taskDir(dataDir, taskId), { recursive: true, force: true });
    entries.delete(taskArn);
    arnByToken.delete(clientToken);
  }

  async function close(): Promise<void> {
    isClosed = true;
    for (const entry of entries.values()) {
      if (entry.own !== undefined) {
        terminate(entry, entry.own, 'The task runner was closed');
      }
    }
    const allStopped = Promise.all([...entries.values()].flatMap((entry) => entry.stopped ?? []));
    await settledWithin(allStopped, stopTimeoutMs + 5_000);
  }

  return {
    runTask,
    stopTask,
    recover,
    close,
    describeTask: async (taskArn) => {
      const entry = entries.get(taskArn);
      return entry === undefined ? undefined : describeRecord(entry.record);
    },
    list: async () => [...entries.values()].map((entry) => describeRecord(entry.record)),
  };
}

async function killLeftover({ pid, processStartTime }: TaskRecord): Promise<void> {
  if (pid === undefined || processStartTime === undefined) {
    return;
  }
  // Another start time means that the pid now belongs to somebody else.
  if (await isSameProcess(pid, processStartTime)) {
    await killProcessGroup(pid, KILL_TIMEOUT_MS);
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

function byStart(a: TaskRecord, b: TaskRecord): number {
  return a.startedAt < b.startedAt ? -1 : 1;
}
