import { checkJobOf } from './job-of.ts';
import { openMirror } from '../../../task-image/git/mirror.ts';
import { runCheck } from '../../../task-image/jobs/check.ts';

/** A supervisor to be killed: run-check.ts <workDir> <remote> <job as JSON> */
const [workDir = '', gitUrl = '', job = ''] = process.argv.slice(2);
const rig = { rigId: 'rig-1', gitUrl, defaultBranch: 'main' };
const mirror = await openMirror({ workDir, rig, allowLocal: true });
const { signal } = new AbortController();
await runCheck(checkJobOf(job), { mirror, workDir, log: () => {}, signal });
