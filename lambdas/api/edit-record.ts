import type { RecordChange } from '../../core/draft.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import type { LiveRecords, Town } from '../../core/town/town.ts';
import { withTown } from './access.ts';
import type { Caller } from './caller.ts';
import type { TownDeps } from './context.ts';
import { liveRecord } from './statements.ts';

type EditedKind = 'bead' | 'convoy' | 'rig';

/**
 * Changes what people own of a live record, under the very version of the town that the change was checked against; a lost
 * race is read and checked again.
 * @param edit what was asked for: its fields' names go to the audit log
 * @param text of the record, if that is changed too
 * @throws NotFound, Conflict, Unavailable, and what `change` throws
 */
export async function editRecord<K extends EditedKind>(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  { kind, id }: { readonly kind: K; readonly id: string },
  edit: object,
  change: (before: LiveRecords[K], town: Town) => LiveRecords[K] | Promise<LiveRecords[K]>,
  text?: string,
): Promise<LiveRecords[K]> {
  const names = Object.entries(edit).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const edited = await withTown(deps.store, caller, townId, async (town) => {
    const before = await liveRecord(deps, town, kind, id);
    const at = deps.now();
    const record = { ...(await change(before, town)), rev: before.rev + 1, updatedAt: at };
    await deps.store.edit(
      town,
      {
        rule: `api/${kind}`,
        subject: { kind, id },
        reason: `${names.join(', ')} changed by ${caller.id}`,
        by: caller.id,
        // The pairing of kind and record is checked by this function's own type.
        changes: [{ op: 'update', kind, before, record } as unknown as RecordChange],
        ...(text === undefined ? {} : { bodies: new Map([[id, text]]) }),
      },
      at,
    );
    return record;
  });
  await deps.towns.send({ v: MESSAGE_VERSION, townId });
  return edited;
}
