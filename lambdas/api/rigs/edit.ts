import { Conflict } from '../../../core/errors.ts';
import { patchRig, type RigPatch } from '../../../core/town/config.ts';
import { forgeAt } from '../../../core/town/config/github-host.ts';
import type { Rig } from '../../../core/town/rig.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../context.ts';
import { editRecord } from '../edit-record.ts';
import { checkGitUrl } from '../git-url.ts';
import { checkUse } from '../integrations/check-use.ts';
import { refuseIssues } from '../settings/refuse.ts';

export interface RigEdit {
  readonly name?: string | undefined;
  readonly gitUrl?: string | undefined;
  readonly defaultBranch?: string | undefined;
  /** Null: none of its own any more. */
  readonly integrationId?: string | null | undefined;
  readonly config?: RigPatch | undefined;
}

/** What people own of a rig. Where its work goes is changed only while there is none. */
export async function editRig(
  deps: ApiDeps,
  caller: Caller,
  townId: string,
  rigId: string,
  edit: RigEdit,
): Promise<Rig> {
  if (edit.gitUrl !== undefined) checkGitUrl(edit.gitUrl, deps.allowsLocalGitUrls);
  return editRecord(deps, caller, townId, { kind: 'rig', id: rigId }, edit, async (before, town) => {
    const { name = before.name, gitUrl = before.gitUrl, defaultBranch = before.defaultBranch } = edit;
    const others = [...town.live.rig.values()].filter(({ id }) => id !== rigId);
    if (others.some((other) => other.name === name)) {
      throw new Conflict(`There is a rig named ${name} in this town already.`);
    }
    const isMoved = gitUrl !== before.gitUrl || defaultBranch !== before.defaultBranch;
    const { bead, convoy, mergeRequest } = town.live;
    const work = [...bead.values(), ...convoy.values(), ...mergeRequest.values()];
    if (isMoved && work.some((one) => one.rigId === rigId)) {
      throw new Conflict(
        'The rig has unfinished work: its address and default branch are changed when it has none.',
      );
    }
    await checkUse(deps.integrations, caller, town.head, {
      path: 'integrationId',
      given: edit.integrationId,
      before: before.integrationId,
    });
    const integrationId = edit.integrationId === undefined ? before.integrationId : edit.integrationId;
    const { config, issues } = patchRig(town.config, before.config, edit.config ?? {});
    refuseIssues(issues, 'config.');
    const forge = gitUrl === before.gitUrl ? before.forge : forgeAt(gitUrl, deps.githubHost);
    return {
      ...before,
      name,
      gitUrl,
      defaultBranch,
      forge,
      integrationId: integrationId ?? undefined,
      config,
    };
  });
}
