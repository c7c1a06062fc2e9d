import { startJsonService, type JsonService, type Reply } from './json-service.ts';

export interface EcsTask {
  readonly taskArn: string;
  readonly clientToken: string;
  readonly startedBy: string;
  readonly request: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'DEPROVISIONING' | 'STOPPED';
  stoppedReason?: string;
  exitCode?: number;
}

export interface ModelEcs {
  readonly service: JsonService;
  readonly tasks: EcsTask[];
  /** The next `RunTask` finds no capacity. */
  hasCapacity: boolean;
  /** The name of the error by which `RunTask` says that a quota is used up. */
  quotaError: string | undefined;
  /** The answer of the next `RunTask` is lost: it starts the task and says that it failed. */
  losesAnswer: boolean;
  /** Tasks in an answer of `ListTasks` at most. */
  pageSize: number;
  /** By which more of a list can be asked for. */
  readonly tokens: Set<string>;
}

/** As much of ECS as a town uses, with its rules for client tokens. */
export async function startModelEcs(): Promise<ModelEcs> {
  const tasks: EcsTask[] = [];
  const say = ({ taskArn, lastStatus, startedBy, stoppedReason, exitCode }: EcsTask) => ({
    taskArn,
    lastStatus,
    startedBy,
    stoppedReason,
    desiredStatus: /PENDING|RUNNING/.test(lastStatus) ? 'RUNNING' : 'STOPPED',
    containers: [{ name: 'supervisor', exitCode }],
  });
  const operations: Record<string, (input: Record<string, unknown>) => Reply> = {
    RunTask(input) {
      const clientToken = String(input['clientToken']);
      // 1 to 64 characters of ASCII 33 to 126.
      if (!/^[!-~]{1,64}$/.test(clientToken)) return { error: 'InvalidParameterException' };
      if (!/^[A-Za-z0-9/_-]{1,128}$/.test(String(input['startedBy'])))
        return { error: 'InvalidParameterException' };
      const request = JSON.stringify(input);
      const known = tasks.find((task) => task.clientToken === clientToken);
      if (known !== undefined && known.request !== request) {
        return { error: 'ConflictException', more: { resourceIds: [known.taskArn] } };
      }
      if (known !== undefined) return { ok: { tasks: [say(known)], failures: [] } };
      if (model.quotaError !== undefined) return { error: model.quotaError };
      if (!model.hasCapacity) return { ok: { tasks: [], failures: [{ reason: 'RESOURCE:CPU' }] } };
      const task: EcsTask = {
        taskArn: `arn:aws:ecs:us-east-1:000000000000:task/cluster/${tasks.length + 1}`,
        clientToken,
        startedBy: String(input['startedBy']),
        request,
        lastStatus: 'PENDING',
      };
      tasks.push(task);
      if (model.losesAnswer) {
        model.losesAnswer = false;
        return { error: 'ServerException' };
      }
      return { ok: { tasks: [say(task)], failures: [] } };
    },
    ListTasks(input) {
      const { startedBy, desiredStatus = 'RUNNING' } = input;
      const nextToken = input['nextToken'] as string | undefined;
      // As ECS documents it: `startedBy` is the only filter that may be used with itself.
      if (startedBy !== undefined && 'desiredStatus' in input) return { error: 'InvalidParameterException' };
      if (nextToken !== undefined && !model.tokens.has(nextToken))
        return { error: 'InvalidParameterException' };
      const isListed = ({ lastStatus }: EcsTask): boolean =>
        desiredStatus === 'STOPPED'
          ? /STOPPED|DEPROVISIONING/.test(lastStatus)
          : /PENDING|RUNNING/.test(lastStatus);
      const found = tasks.filter((task) =>
        startedBy === undefined
          ? isListed(task)
          : task.startedBy === startedBy && task.lastStatus !== 'STOPPED',
      );
      const from = Number(nextToken ?? 0);
      const to = from + model.pageSize;
      if (to < found.length) model.tokens.add(`${to}`);
      const next = to < found.length ? { nextToken: `${to}` } : {};
      return { ok: { taskArns: found.slice(from, to).map(({ taskArn }) => taskArn), ...next } };
    },
    DescribeTasks({ tasks: arns }) {
      const wanted = arns as string[];
      const found = tasks.filter(({ taskArn }) => wanted.includes(taskArn));
      const missing = wanted.filter((arn) => !found.some(({ taskArn }) => taskArn === arn));
      return { ok: { tasks: found.map(say), failures: missing.map((arn) => ({ arn, reason: 'MISSING' })) } };
    },
    StopTask({ task: arn, reason }) {
      const task = tasks.find(({ taskArn }) => taskArn === arn);
      if (task === undefined) return { error: 'InvalidParameterException' };
      if (String(reason).length > 255) return { error: 'InvalidParameterException' };
      if (task.lastStatus !== 'STOPPED') task.lastStatus = 'DEPROVISIONING';
      task.stoppedReason = String(reason);
      return { ok: { task: say(task) } };
    },
  };
  const service = await startJsonService((operation, input) => {
    const run = operations[operation];
    return run === undefined ? { error: 'UnknownOperationException' } : run(input);
  });
  const model: ModelEcs = {
    service,
    tasks,
    hasCapacity: true,
    quotaError: undefined,
    losesAnswer: false,
    pageSize: 100,
    tokens: new Set(),
  };
  return model;
}
