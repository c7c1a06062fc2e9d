import { log, setAgentCount } from './boot.ts';

// Static imports are loaded before anything of this file runs: only what is loaded from here on can fail in sight of the handlers.
const { runTask } = await import('./run-task.ts');

await runTask(log, (supervisor) => setAgentCount(supervisor.countAgents));
