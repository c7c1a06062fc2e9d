import { Conflict } from '../../../core/errors.ts';
import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import { patchRig, type RigPatch } from '../../../core/town/config.ts';
import type { Rig } from '../../../core/town/rig.ts';
import { withTown } from '../access.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../context.ts';
import { checkGitUrl } from '../git-url.ts';
import { refuseIssues } from '../settings/refuse.ts';
import { liveRecord } from '../statements.ts';

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
  const edited = await withTown(deps.store, caller, townId, async (town) => {
    const before = await liveRecord(deps, town, 'rig', rigId);
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
    const at = deps.now();
    const { config, issues } = patchRig(town.config, before.config, edit.config ?? {});
    refuseIssues(issues, 'config.');
    const record: Rig = {
      ...before,
      name,
      gitUrl,
      defaultBranch,
      config,
      rev: before.rev + 1,
      updatedAt: at,
    };
    await deps.store.edit(
      town,
      {
        rule: 'api/rig',
        subject: { kind: 'rig', id: rigId },
        reason: `changed by ${caller.id}`,
        by: caller.id,
        changes: [{ op: 'update', kind: 'rig', before, record }],
      },
      at,
    );
    return record;
  });
  await deps.towns.send({ v: MESSAGE_VERSION, townId });
  return edited;
}
