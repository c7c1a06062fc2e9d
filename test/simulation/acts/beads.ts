import { cancelBead } from '../../../lambdas/api/beads/cancel.ts';
import { deleteBead } from '../../../lambdas/api/beads/delete.ts';
import { editBead } from '../../../lambdas/api/beads/edit.ts';
import { reopenBead } from '../../../lambdas/api/beads/reopen.ts';
import { startBead } from '../../../lambdas/api/beads/start.ts';
import { createBead as create } from '../../../lambdas/api/create-bead.ts';
import * as inputs from '../../../lambdas/api/inputs/beads.ts';
import { tell } from '../../../lambdas/api/statements.ts';
import { USER } from '../../contract/loop/world.ts';
import type { Act, Acting } from './act.ts';
import { aRigId } from './rigs.ts';

const anyBead = ({ town, choices }: Acting) => choices.maybeOne([...town.live.bead.values()]);

const createBead: Act = (acting) => {
  const { deps, town, choices, request } = acting;
  const blocker = choices.chance(0.3) ? anyBead(acting) : undefined;
  const input = inputs.createBead.parse({
    rigId: aRigId(acting),
    title: `bead ${choices.int(1, 1000)}`,
    priority: choices.one(['low', 'medium', 'high', 'critical']),
    labels: choices.chance(0.2) ? ['chore'] : [],
    held: choices.chance(0.15),
    ...(choices.chance(0.4) ? { body: 'Do it.' } : {}),
    ...(blocker === undefined ? {} : { dependsOn: [blocker.id] }),
  });
  return create(deps, USER, town.head.id, input, request);
};

export const beadActs = {
  createBead,
  /** More than there is room for. */
  createManyBeads: async (acting) => {
    const { deps, town, choices, request } = acting;
    const rigId = aRigId(acting);
    for (let count = choices.int(5, 15); count > 0; count -= 1)
      await create(
        deps,
        USER,
        town.head.id,
        inputs.createBead.parse({ rigId, title: `one of ${count}` }),
        request,
      );
  },
  startBead: (acting) => {
    const held = acting.choices.maybeOne([...acting.town.live.bead.values()].filter(({ isHeld }) => isHeld));
    return held && startBead(acting.deps, USER, acting.town.head.id, held.id);
  },
  cancelBead: (acting) => {
    const bead = anyBead(acting);
    const as = acting.choices.one(['closed', 'failed'] as const);
    return bead && cancelBead(acting.deps, USER, acting.town.head.id, bead.id, { as });
  },
  /** The API has looked at the bead a moment ago: it may be merged by now, which a caller is told otherwise. */
  endBeadUnseen: (acting) => {
    const { deps, town, choices } = acting;
    const { live } = town;
    const merging = [...live.mergeRequest.values()].find(({ stage }) => stage === 'merging');
    const beadId = live.bead.get(merging?.subject.id ?? '')?.id ?? anyBead(acting)?.id;
    if (beadId === undefined) return undefined;
    const statement = choices.chance(0.5)
      ? ({ type: 'bead_deleted', beadId, by: USER.id } as const)
      : ({ type: 'bead_cancelled', beadId, as: 'failed', by: USER.id } as const);
    return tell(deps, town.head.id, statement);
  },
  deleteBead: (acting) => {
    const bead = anyBead(acting);
    return bead && deleteBead(acting.deps, USER, acting.town.head.id, bead.id);
  },
  reopenBead: async (acting) => {
    const { deps, town, choices } = acting;
    const ended = choices.maybeOne(await deps.store.archivedOf(town.head.id, 'bead'));
    if (ended !== undefined) await reopenBead(deps, USER, town.head.id, ended.id);
  },
  editBead: (acting) => {
    const { deps, town, choices } = acting;
    const bead = anyBead(acting);
    const blocker = anyBead(acting);
    const dependsOn = blocker === undefined || choices.chance(0.5) ? [] : [blocker.id];
    const priority = choices.one(['low', 'high'] as const);
    return bead && editBead(deps, USER, town.head.id, bead.id, { priority, dependsOn });
  },
} as const satisfies Record<string, Act>;
