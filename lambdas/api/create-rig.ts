import type * as z from 'zod';
import { Conflict } from '../../core/errors.ts';
import { patchRig } from '../../core/town/config.ts';
import { forgeAt } from '../../core/town/config/github-host.ts';
import type { Rig } from '../../core/town/rig.ts';
import type { RouteContext } from '../http/route.ts';
import { withTown } from './access.ts';
import type { Caller } from './caller.ts';
import type { ApiDeps } from './context.ts';
import { checkGitUrl } from './git-url.ts';
import type { createRig as createRigInput } from './inputs/rigs.ts';
import { checkUse } from './integrations/check-use.ts';
import type { SettingsDeps } from './settings/deps.ts';
import { refuseIssues } from './settings/refuse.ts';
import { standing } from './standing.ts';

/** A rig; the one that is there when the same creation was begun before. */
export async function createRig(
  {
    store,
    integrations,
    allowsLocalGitUrls,
    githubHost,
  }: Pick<ApiDeps, 'store' | 'allowsLocalGitUrls' | 'githubHost'> & Pick<SettingsDeps, 'integrations'>,
  caller: Caller,
  townId: string,
  input: z.infer<typeof createRigInput>,
  { ids, at }: RouteContext,
): Promise<Rig> {
  checkGitUrl(input.gitUrl, allowsLocalGitUrls);
  const id = ids.next();
  return withTown(store, caller, townId, async (town) => {
    const known = await standing(store, town, 'rig', id);
    if (known !== undefined) return known;
    if ([...town.live.rig.values()].some(({ name }) => name === input.name)) {
      throw new Conflict(`There is a rig named ${input.name} in this town already.`);
    }
    const { name, gitUrl, defaultBranch, integrationId } = input;
    await checkUse(integrations, caller, town.head, { path: 'integrationId', given: integrationId });
    const { config, issues } = patchRig(town.config, {}, input.config ?? {});
    refuseIssues(issues, 'config.');
    const forge = forgeAt(gitUrl, githubHost);
    const rig = {
      id,
      rev: 1,
      name,
      gitUrl,
      defaultBranch,
      forge,
      integrationId,
      config,
      createdAt: at,
      updatedAt: at,
    };
    await store.create(town, { rigs: [rig] }, at);
    return rig;
  });
}
