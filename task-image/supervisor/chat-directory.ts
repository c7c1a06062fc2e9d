import { mkdir } from 'node:fs/promises';
import { runGit } from '../git/git.ts';

/**
 * Where a session without work on code lives, the mayor's and triage's: an empty repository of its own. Without one the agent server would look for a repository in
 * the folders above, and take that for its project.
 */
export async function prepareChatDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await runGit(['init', '--quiet'], { cwd: directory });
}
