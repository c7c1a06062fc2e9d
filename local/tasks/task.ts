import type { TaskRecord } from './task-record.ts';

/** A task as DescribeTasks shows it. Times are ISO-8601. */
export interface Task {
  readonly taskArn: string;
  readonly townId: string;
  readonly epoch: number;
  readonly lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  readonly stoppedReason?: string;
  /** 128 + the signal's number if a signal ended it. */
  readonly exitCode?: number;
  readonly startedAt: string;
  readonly stoppedAt?: string;
}

export function describeRecord(record: TaskRecord): Task {
  const { taskArn, townId, epoch, lastStatus, startedAt, stoppedReason, exitCode, stoppedAt } = record;
  return {
    taskArn,
    townId,
    epoch,
    lastStatus,
    startedAt,
    ...(stoppedReason === undefined ? {} : { stoppedReason }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
  };
}
