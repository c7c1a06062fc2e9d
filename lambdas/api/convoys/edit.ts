import { Conflict } from '../../../core/errors.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { editRecord } from '../edit-record.ts';

/** What people own of a convoy. How it merges is settled when the first of its beads has a branch. */
export async function editConvoy(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  convoyId: string,
  edit: { title?: string | undefined; mergeMode?: Convoy['mode'] | undefined },
): Promise<Convoy> {
  return editRecord(deps, caller, townId, { kind: 'convoy', id: convoyId }, edit, (before, { live }) => {
    const { title = before.title, mergeMode: mode = before.mode } = edit;
    const hasBegun =
      before.beads.some(({ outcome }) => outcome !== 'open') ||
      [...live.bead.values()].some(({ convoyId: of, branch }) => of === convoyId && branch !== undefined);
    if (mode !== before.mode && hasBegun) {
      throw new Conflict(
        'Work on the convoy has begun: its branches are cut for the merge mode that it has.',
      );
    }
    return { ...before, title, mode };
  });
}
