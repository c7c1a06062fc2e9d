import type * as z from 'zod';
import { uuidv7 } from 'uuidv7';
import { InvalidInput, NotFound } from '../../core/errors.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import { effectiveConfig } from '../../core/town/config.ts';
import { featureBranchOf } from '../../core/town/branches.ts';
import type { Convoy } from '../../core/town/convoy.ts';
import type { User } from '../http/claims.ts';
import { withTown } from './access.ts';
import type { ApiDeps } from './context.ts';
import type { createConvoy as createConvoyInput } from './inputs.ts';
import { newBead } from './new-bead.ts';

type Input = z.infer<typeof createConvoyInput>;

/** A convoy and its beads, in one transaction; cycles are refused before anything is written. */
export async function createConvoy(deps: ApiDeps, user: User, townId: string, input: Input) {
  checkOrder(input.tasks);
  const { store, towns, now } = deps;
  const created = await withTown(store, user, townId, async (town) => {
    const rig = town.live.rig.get(input.rigId);
    if (rig === undefined) throw new NotFound(`There is no rig ${input.rigId}.`);
    const at = now();
    const id = uuidv7();
    const ids = input.tasks.map(() => uuidv7());
    const beads = input.tasks.map(({ title, body, dependsOn }, index) =>
      newBead(
        {
          id: ids[index] ?? uuidv7(),
          rigId: rig.id,
          title,
          dependsOn: [...new Set(dependsOn)].flatMap((other) => {
            const blocker = ids[other];
            return blocker === undefined ? [] : [{ id: blocker, outcome: 'open' as const }];
          }),
          convoyId: id,
          createdBy: user.id,
        },
        body,
        at,
      ),
    );
    const isStaged = input.staged ?? town.config.stagedConvoysDefault ?? false;
    const convoy: Convoy = {
      id,
      rev: 1,
      rigId: rig.id,
      title: input.title,
      mode: input.mergeMode ?? effectiveConfig(town.config, rig.config).convoyMergeMode,
      state: isStaged ? 'staged' : 'active',
      stateSince: at,
      featureBranch: featureBranchOf({ id, title: input.title }),
      beads: beads.map((bead) => ({ id: bead.id, outcome: 'open' })),
      landingAttempts: 0,
      createdBy: user.id,
      createdAt: at,
      updatedAt: at,
    };
    const bodies = new Map(
      input.tasks.flatMap((task, index) => {
        const beadId = ids[index];
        return task.body === undefined || beadId === undefined ? [] : [[beadId, task.body] as const];
      }),
    );
    await store.create(town, { beads, convoys: [convoy], bodies }, at);
    return { convoy, beads };
  });
  await towns.send({ v: MESSAGE_VERSION, townId });
  return created;
}

function checkOrder(tasks: Input['tasks']): void {
  const issues: { path: string; message: string }[] = [];
  for (const [index, task] of tasks.entries()) {
    for (const other of task.dependsOn) {
      if (other >= tasks.length || other === index) {
        issues.push({ path: `tasks.${index}.dependsOn`, message: `there is no other task ${other}` });
      }
    }
  }
  if (issues.length > 0)
    throw new InvalidInput('A task depends on one that does not exist; see `issues`.', issues);
  const open = new Set(tasks.keys());
  for (let round = 0; round < tasks.length && open.size > 0; round += 1) {
    for (const index of open) {
      if ((tasks[index]?.dependsOn ?? []).every((other) => !open.has(other))) open.delete(index);
    }
  }
  if (open.size > 0) {
    const path = [...open].map((index) => `tasks.${index}`).join(', ');
    throw new InvalidInput('The tasks depend on each other in a circle; see `issues`.', [
      { path, message: 'part of a circle, or behind one' },
    ]);
  }
}
