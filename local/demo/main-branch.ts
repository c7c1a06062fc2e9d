import { execa } from 'execa';

const TIMEOUT_MS = 30_000;

async function git(directory: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execa('git', args, { cwd: directory, timeout: TIMEOUT_MS, stdin: 'ignore' });
  return stdout;
}

/** The history of the default branch of a bare repository, as a graph. */
export const historyOf = (remote: string, branch: string): Promise<string> =>
  git(remote, ['log', '--graph', '--format=%h %an: %s', branch]);

/** The files of `wanted` that the branch lacks. */
export async function missingFiles(
  remote: string,
  branch: string,
  wanted: readonly string[],
): Promise<string[]> {
  const files = new Set((await git(remote, ['ls-tree', '-r', '--name-only', branch])).split('\n'));
  return wanted.filter((file) => !files.has(file));
}
