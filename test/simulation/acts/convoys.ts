import type { Convoy } from '../../../core/town/convoy.ts';
import { addConvoyBead, removeConvoyBead } from '../../../lambdas/api/convoys/beads.ts';
import { closeConvoy } from '../../../lambdas/api/convoys/close.ts';
import { editConvoy } from '../../../lambdas/api/convoys/edit.ts';
import { retryConvoy } from '../../../lambdas/api/convoys/retry.ts';
import { startConvoy } from '../../../lambdas/api/convoys/start.ts';
import { createConvoy as create } from '../../../lambdas/api/create-convoy.ts';
import * as inputs from '../../../lambdas/api/inputs/convoys.ts';
import { USER } from '../../contract/loop/world.ts';
import type { Act, Acting } from './act.ts';
import { aRigId } from './rigs.ts';

const aConvoy = (
  { town, choices }: Acting,
  is: (convoy: Convoy) => boolean = () => true,
): Convoy | undefined => choices.maybeOne([...town.live.convoy.values()].filter(is));

const createConvoy: Act = (acting) => {
  const { deps, town, choices, request } = acting;
  const tasks = Array.from({ length: choices.int(1, 5) }, (_, place) => ({
    title: `task ${place}`,
    dependsOn: Array.from({ length: place }, (__, earlier) => earlier).filter(() => choices.chance(0.4)),
  }));
  const input = inputs.createConvoy.parse({
    rigId: aRigId(acting),
    title: `convoy ${choices.int(1, 1000)}`,
    tasks,
    ...(choices.chance(0.5) ? { mergeMode: choices.one(['review-then-land', 'review-and-merge']) } : {}),
    ...(choices.chance(0.5) ? { staged: choices.chance(0.3) } : {}),
  });
  return create(deps, USER, town.head.id, input, request);
};

export const convoyActs = {
  createConvoy,
  startConvoy: (acting) => {
    const staged = aConvoy(acting, ({ state }) => state === 'staged');
    return staged && startConvoy(acting.deps, USER, acting.town.head.id, staged.id);
  },
  closeConvoy: (acting) => {
    const convoy = acting.choices.chance(0.5) ? aConvoy(acting) : undefined;
    return convoy && closeConvoy(acting.deps, USER, acting.town.head.id, convoy.id, undefined);
  },
  retryConvoy: (acting) => {
    const convoy = aConvoy(acting, ({ attention }) => attention !== undefined) ?? aConvoy(acting);
    return convoy && retryConvoy(acting.deps, USER, acting.town.head.id, convoy.id);
  },
  editConvoy: (acting) => {
    const convoy = aConvoy(acting);
    const mergeMode = acting.choices.one(['review-then-land', 'review-and-merge'] as const);
    return convoy && editConvoy(acting.deps, USER, acting.town.head.id, convoy.id, { mergeMode });
  },
  addConvoyBead: (acting) => {
    const { deps, town, choices } = acting;
    const convoy = aConvoy(acting);
    const free = choices.maybeOne(
      [...town.live.bead.values()].filter(({ convoyId }) => convoyId === undefined),
    );
    if (convoy === undefined || free === undefined) return undefined;
    const dependsOn = convoy.beads.map(({ id }) => id).filter(() => choices.chance(0.2));
    return addConvoyBead(deps, USER, town.head.id, convoy.id, { beadId: free.id, dependsOn });
  },
  removeConvoyBead: (acting) => {
    const convoy = aConvoy(acting);
    const edge = acting.choices.maybeOne(convoy?.beads.filter(({ outcome }) => outcome !== 'closed') ?? []);
    if (convoy === undefined || edge === undefined) return undefined;
    return removeConvoyBead(acting.deps, USER, acting.town.head.id, convoy.id, edge.id);
  },
} as const satisfies Record<string, Act>;
