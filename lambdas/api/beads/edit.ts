import { Conflict } from '../../../core/errors.ts';
import type { Bead } from '../../../core/town/bead.ts';
import type { Town } from '../../../core/town/town.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { editRecord } from '../edit-record.ts';
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
  const target = { kind: 'bead', id: beadId } as const;
  const change = (before: Bead, town: Town): Promise<Bead> => withEdit(deps, town, before, edit);
  return editRecord(deps, caller, townId, target, edit, change, edit.body);
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
