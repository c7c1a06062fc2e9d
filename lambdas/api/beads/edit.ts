import { Conflict } from '../../../core/errors.ts';
import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import type { Bead } from '../../../core/town/bead.ts';
import type { Town } from '../../../core/town/town.ts';
import { withTown } from '../access.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { liveRecord } from '../statements.ts';
import { edgesTo } from './edges.ts';

export interface BeadEdit {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly priority?: Bead['priority'] | undefined;
  readonly labels?: string[] | undefined;
  readonly dependsOn?: string[] | undefined;
}

/** What people own of a bead. The graph is checked against the very version of the town that is written to. */
export async function editBead(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  beadId: string,
  edit: BeadEdit,
): Promise<Bead> {
  const edited = await withTown(deps.store, caller, townId, async (town) => {
    const before = await liveRecord(deps, town, 'bead', beadId);
    const at = deps.now();
    const record: Bead = {
      ...(await withEdit(deps, town, before, edit)),
      rev: before.rev + 1,
      updatedAt: at,
    };
    const fields = Object.entries(edit).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    await deps.store.edit(
      town,
      {
        rule: 'api/bead',
        subject: { kind: 'bead', id: beadId },
        reason: `${fields.join(', ') || 'nothing'} changed by ${caller.id}`,
        by: caller.id,
        changes: [{ op: 'update', kind: 'bead', before, record }],
        ...(edit.body === undefined ? {} : { bodies: new Map([[beadId, edit.body]]) }),
      },
      at,
    );
    return record;
  });
  await deps.towns.send({ v: MESSAGE_VERSION, townId });
  return edited;
}

async function withEdit(deps: TownDeps, town: Town, bead: Bead, edit: BeadEdit): Promise<Bead> {
  const { title = bead.title, priority = bead.priority, labels = bead.labels } = edit;
  const next = { ...bead, title, priority, labels, hasBody: bead.hasBody || edit.body !== undefined };
  if (edit.dependsOn === undefined) return next;
  if (bead.status !== 'open') {
    throw new Conflict(`The bead is ${bead.status}: what it depends on is changed while it is open.`);
  }
  return { ...next, dependsOn: await edgesTo(deps, town, bead.id, edit.dependsOn) };
}
