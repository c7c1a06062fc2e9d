import { Conflict, NotFound } from '../../../core/errors.ts';
import type { Rig } from '../../../core/town/rig.ts';

/** A rig that takes new work. @throws NotFound, Conflict while it is being removed */
export function openRig(rig: Rig | undefined, rigId: string): Rig {
  if (rig === undefined) throw new NotFound(`There is no rig ${rigId}.`);
  if (rig.removing !== undefined)
    throw new Conflict(`The rig ${rig.name} is being removed: it takes no new work. Use another rig.`);
  return rig;
}
