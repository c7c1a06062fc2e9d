import type * as z from 'zod';
import { uuidv7 } from 'uuidv7';
import { Conflict, InvalidInput } from '../../core/errors.ts';
import type { Rig } from '../../core/town/rig.ts';
import type { User } from '../http/claims.ts';
import { withTown } from './access.ts';
import type { ApiDeps } from './context.ts';
import type { createRig as createRigInput } from './inputs.ts';

export async function createRig(
  deps: ApiDeps,
  user: User,
  townId: string,
  input: z.infer<typeof createRigInput>,
): Promise<Rig> {
  checkGitUrl(input.gitUrl, deps.allowsLocalGitUrls);
  return withTown(deps.store, user, townId, async (town) => {
    if ([...town.live.rig.values()].some(({ name }) => name === input.name)) {
      throw new Conflict(`There is a rig named ${input.name} in this town already.`);
    }
    const at = deps.now();
    const { name, gitUrl, defaultBranch, config = {} } = input;
    const rig = { id: uuidv7(), rev: 1, name, gitUrl, defaultBranch, config, createdAt: at, updatedAt: at };
    await deps.store.create(town, { rigs: [rig] }, at);
    return rig;
  });
}

function checkGitUrl(gitUrl: string, allowsLocal: boolean): void {
  const refuse = (message: string): never => {
    throw new InvalidInput(`The git URL cannot be used: ${message}`, [{ path: 'gitUrl', message }]);
  };
  if (gitUrl.startsWith('/') || gitUrl.startsWith('file:')) {
    if (!allowsLocal) refuse('paths on a machine work in local mode only; use https://…');
    return;
  }
  if (/^[^/]+@[^/]+:/.test(gitUrl))
    refuse('SSH addresses are not supported; use the https:// address of the repository');
  if (!URL.canParse(gitUrl)) refuse('it is not a URL; it looks like https://host/owner/repository.git');
  const url = new URL(gitUrl);
  if (url.protocol !== 'https:') refuse('only https:// is supported');
  if (url.username !== '' || url.password !== '')
    refuse('leave credentials out of it; configure them in the town');
}
