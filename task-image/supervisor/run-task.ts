import { mkdir } from 'node:fs/promises';
import * as z from 'zod';
import { onParentGone } from '../process/parent-pipe.ts';
import type { Log } from './boot.ts';
import { createControlPlane } from './control-plane.ts';
import { createProcessUsers, ONE_USER } from '../process/process-users.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { userIdRange } from './user-id-range.ts';

const environment = z.object({
  GASTOWN_TOWN_ID: z.string().min(1),
  GASTOWN_EPOCH: z.coerce.number().int().positive(),
  GASTOWN_API_URL: z.url(),
  GASTOWN_BOOTSTRAP_TOKEN: z.string().min(1),
  GASTOWN_WORK_DIR: z.string().default('/work'),
  GASTOWN_PLUGIN_FILE: z.string().default('/opt/gastown/plugin.js'),
  /** Local mode only: paths on this machine are git URLs. */
  GASTOWN_ALLOW_LOCAL_GIT: z.literal('1').optional(),
  /** Free user ids for agents and gates, as `20000-20999`; the supervisor has to be root. Unset: they run as the supervisor. */
  GASTOWN_USER_IDS: userIdRange.optional(),
  /** From SIGTERM to SIGKILL; the default is that of ECS. */
  GASTOWN_STOP_TIMEOUT_SECONDS: z.coerce.number().positive().default(30),
});

/** After the parent is gone, everything must be gone within 5 s; guards take 2 s after us. */
const ORPHAN_LIMIT_MS = 2000;
/** For the last line of the log to come out before SIGKILL. */
const STOP_RESERVE_MS = 2000;

/** Runs the supervisor of a task as its environment says, until it ends; then the process exits. */
export async function runTask(log: Log, onSupervisor: (supervisor: Supervisor) => void): Promise<void> {
  const env = environment.parse(process.env);
  await mkdir(env.GASTOWN_WORK_DIR, { recursive: true });
  const supervisor = createSupervisor({
    controlPlane: await createControlPlane(env.GASTOWN_API_URL, env.GASTOWN_BOOTSTRAP_TOKEN),
    townId: env.GASTOWN_TOWN_ID,
    epoch: env.GASTOWN_EPOCH,
    workDir: env.GASTOWN_WORK_DIR,
    apiUrl: env.GASTOWN_API_URL,
    pluginFile: env.GASTOWN_PLUGIN_FILE,
    allowLocalGit: env.GASTOWN_ALLOW_LOCAL_GIT === '1',
    users: env.GASTOWN_USER_IDS === undefined ? ONE_USER : createProcessUsers(env.GASTOWN_USER_IDS),
    log,
  });
  onSupervisor(supervisor);
  onParentGone(() => {
    log('the parent process is gone');
    setTimeout(() => process.exit(1), ORPHAN_LIMIT_MS).unref();
    void supervisor.kill().finally(() => process.exit(1));
  });
  process.on('SIGTERM', () => {
    log('SIGTERM: saving work');
    const limitMs = Math.max(0, env.GASTOWN_STOP_TIMEOUT_SECONDS * 1000 - STOP_RESERVE_MS);
    setTimeout(() => {
      log('container.exit', { end: 'stop_timeout' });
      process.exit(1);
    }, limitMs).unref();
    supervisor.drain();
  });
  // Ctrl-C in a terminal reaches every process of the foreground group; the parent says what happens.
  process.on('SIGINT', () => {});

  const end = await supervisor.run();
  log('container.exit', { end });
  process.exit(0);
}
