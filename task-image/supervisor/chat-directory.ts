import { mkdir, rm } from 'node:fs/promises';
import { giveTreeTo, type ProcessUser } from '../process/process-user.ts';
import { dirname } from 'node:path';
import { runGit } from '../git/git.ts';

/**
 * Where a session without work on code lives, the mayor's and triage's: an empty repository of its own. Without one the agent server would look for a repository in
 * the folders above, and take that for its project.
 */
export async function prepareChatDirectory(directory: string, user?: ProcessUser): Promise<void> {
  // One that is there is the session's before; nothing of it is needed.
  await rm(directory, { recursive: true, force: true });
  // The folders above are everybody's to pass through.
  await mkdir(dirname(directory), { recursive: true });
  await mkdir(directory, { mode: 0o700 });
  await runGit(['init', '--quiet'], { cwd: directory });
  await giveTreeTo(user, directory);
}
