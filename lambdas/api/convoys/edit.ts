import { Conflict } from '../../../core/errors.ts';
import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import { withTown } from '../access.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { liveRecord } from '../statements.ts';

/** What people own of a convoy. How it merges is settled when the first of its beads has a branch. */
export async function editConvoy(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  convoyId: string,
  edit: { title?: string | undefined; mergeMode?: Convoy['mode'] | undefined },
): Promise<Convoy> {
  const edited = await withTown(deps.store, caller, townId, async (town) => {
    const before = await liveRecord(deps, town, 'convoy', convoyId);
    const { title = before.title, mergeMode: mode = before.mode } = edit;
    const hasBegun =
      before.beads.some(({ outcome }) => outcome !== 'open') ||
      [...town.live.bead.values()].some(
        ({ convoyId: of, branch }) => of === convoyId && branch !== undefined,
      );
    if (mode !== before.mode && hasBegun) {
      throw new Conflict(
        'Work on the convoy has begun: its branches are cut for the merge mode that it has.',
      );
    }
    const at = deps.now();
    const record: Convoy = { ...before, title, mode, rev: before.rev + 1, updatedAt: at };
    await deps.store.edit(
      town,
      {
        rule: 'api/convoy',
        subject: { kind: 'convoy', id: convoyId },
        reason: `changed by ${caller.id}`,
        by: caller.id,
        changes: [{ op: 'update', kind: 'convoy', before, record }],
      },
      at,
    );
    return record;
  });
  await deps.towns.send({ v: MESSAGE_VERSION, townId });
  return edited;
}
