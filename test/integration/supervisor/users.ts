import { chmod } from 'node:fs/promises';
import { execa } from 'execa';
import { findKilo } from '../../../task-image/agents/kilo-binary.ts';

const FIRST_ID = 20_000;

/** Whether somebody else than root may run the agent server: not where the project lies in a private folder. */
async function canOthersRunKilo(): Promise<boolean> {
  const kilo = await findKilo(process.env['PATH'] ?? '');
  const { exitCode } = await execa('test', ['-x', kilo], {
    uid: FIRST_ID,
    gid: FIRST_ID,
    cwd: '/',
    reject: false,
  });
  return exitCode === 0;
}

/** As in a task: agents and gates have users of their own. Root alone can do that; otherwise all run as one user, as in local mode. */
export async function usersOfTheirOwn(root: string): Promise<Record<string, string>> {
  if (process.getuid?.() !== 0 || !(await canOthersRunKilo())) return {};
  // The temporary folder is for its owner alone; a container's is not.
  await chmod(root, 0o755);
  return { GASTOWN_USER_IDS: `${FIRST_ID}-${FIRST_ID + 99}` };
}
