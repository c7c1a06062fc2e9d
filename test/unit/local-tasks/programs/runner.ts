import { createTaskRunner } from '../../../../local/tasks/task-runner.ts';

/** A runner in a process of its own, so that a test can kill it. Arguments: data folder, the task's behaviour. */
const [dataDir = '', behaviour = ''] = process.argv.slice(2);

const runner = createTaskRunner({
  dataDir,
  command: [process.execPath, new URL('supervisor.ts', import.meta.url).pathname],
  baseEnv: { BEHAVIOUR: behaviour },
  onTaskStopped: () => {},
});
const { taskArn } = await runner.runTask({ clientToken: 'token', townId: 'town', epoch: 1, env: {} });
console.log(taskArn);
