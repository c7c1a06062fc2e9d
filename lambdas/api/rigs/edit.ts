import { Conflict } from '../../../core/errors.ts';
import { patchRig, type RigPatch } from '../../../core/town/config.ts';
import { forgeAt } from '../../../core/town/config/github-host.ts';
import type { Rig } from '../../../core/town/rig.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../context.ts';
import { editRecord } from '../edit-record.ts';
import { checkGitUrl } from '../git-url.ts';
import { refuseIssues } from '../settings/refuse.ts';

export interface RigEdit {
  readonly name?: string | undefined;
  readonly gitUrl?: string | undefined;
  readonly defaultBranch?: string | undefined;
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
  return editRecord(deps, caller, townId, { kind: 'rig', id: rigId }, edit, (before, town) => {
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
    const { config, issues } = patchRig(town.config, before.config, edit.config ?? {});
    refuseIssues(issues, 'config.');
    const forge = gitUrl === before.gitUrl ? before.forge : forgeAt(gitUrl, deps.githubHost);
    return { ...before, name, gitUrl, defaultBranch, forge, config };
  });
}
