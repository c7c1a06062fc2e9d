import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTreeTo, type ProcessUser } from '../process/process-user.ts';
import { runGit, type Identity } from './git.ts';

/** Writing the files of a large tree takes minutes. */
export const CHECKOUT_TIMEOUT_MS = 10 * 60_000;

/**
 * A repository of its own in `directory` (emptied first), without a commit, that borrows objects from the mirror: as cheap
 * as `git worktree`, but its refs and configuration are not the mirror's.
 * @param user whose it is from then on
 * @throws GitError
 */
export async function makeSharedClone(
  mirrorDirectory: string,
  directory: string,
  user?: ProcessUser,
): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await runGit(['init', '--quiet', '--template=', '.'], { cwd: directory });
  const info = join(directory, '.git', 'objects', 'info');
  await mkdir(info, { recursive: true });
  await writeFile(join(info, 'alternates'), `${join(mirrorDirectory, 'objects')}\n`);
  await giveTreeTo(user, directory);
}

/** Points `origin` at a gateway and fetches from it. @throws GitError */
export async function connectToGateway(
  directory: string,
  gatewayDirectory: string,
  identity: Identity,
  settings: Readonly<Record<string, string>>,
  user?: ProcessUser,
): Promise<void> {
  const all = {
    'remote.origin.url': gatewayDirectory,
    'remote.origin.fetch': '+refs/heads/*:refs/remotes/origin/*',
    'push.default': 'current',
    'user.name': identity.name,
    'user.email': identity.email,
    'gc.auto': '0',
    ...settings,
  };
  for (const [name, value] of Object.entries(all))
    await runGit(['config', name, value], { cwd: directory, user });
  await runGit(['fetch', '--quiet', '--prune', 'origin'], { cwd: directory, user });
}
