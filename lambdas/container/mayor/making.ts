import { InvalidInput } from '../../../core/errors.ts';
import { createBead } from '../../api/create-bead.ts';
import { createConvoy } from '../../api/create-convoy.ts';
import * as beadInputs from '../../api/inputs/beads.ts';
import * as convoyInputs from '../../api/inputs/convoys.ts';
import { asTaken, type MayorOperation } from './call.ts';
import { beadRow, convoyRow } from './present.ts';

export const sling: MayorOperation<'gt_sling'> = async ({ deps, caller, townId, ...context }, input) => {
  const { rig_id: rigId, depends_on: dependsOn, ...rest } = input;
  const bead = await createBead(
    deps,
    caller,
    townId,
    asTaken(beadInputs.createBead, { rigId, dependsOn, ...rest }),
    context,
  );
  return { bead: beadRow(bead) };
};

export const slingBatch: MayorOperation<'gt_sling_batch'> = async (
  { deps, caller, townId, ...context },
  { rig_id: rigId, convoy_title: title, tasks, merge_mode: mergeMode, parallel = false, staged },
) => {
  const isOrdered = tasks.some(({ depends_on: dependsOn = [] }) => dependsOn.length > 0);
  if (tasks.length > 1 && !isOrdered && !parallel) {
    throw new InvalidInput(
      'No task depends on another. Say in depends_on what has to be merged first; only if they really have nothing to do ' +
        'with each other, pass parallel: true.',
    );
  }
  const input = {
    rigId,
    title,
    tasks: tasks.map(({ depends_on: dependsOn, ...task }) => ({ ...task, dependsOn })),
    mergeMode,
    staged,
  };
  const made = await createConvoy(deps, caller, townId, asTaken(convoyInputs.createConvoy, input), context);
  return { convoy: convoyRow(made.convoy), beads: made.beads.map((bead) => beadRow(bead)) };
};
