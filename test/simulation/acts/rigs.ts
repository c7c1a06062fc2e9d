import type { Rig } from '../../../core/town/rig.ts';
import { createRig as create } from '../../../lambdas/api/create-rig.ts';
import * as inputs from '../../../lambdas/api/inputs/rigs.ts';
import { removeRig } from '../../../lambdas/api/rigs/remove.ts';
import { noIntegrations } from '../../contract/loop/no-integrations.ts';
import { USER } from '../../contract/loop/world.ts';
import type { Act, Acting } from './act.ts';

/** One that is there, as a rule; also one that is on its way out. */
export const aRigId = ({ town, model, choices }: Acting): string =>
  choices.maybeOne<Rig>([...town.live.rig.values()])?.id ?? model.rigId;

const remove =
  (isForced: boolean): Act =>
  (acting) =>
    acting.choices.chance(0.4)
      ? removeRig(acting.deps, USER, acting.town.head.id, aRigId(acting), isForced)
      : undefined;

export const rigActs = {
  createRig: ({ deps, town, choices, request }) => {
    const input = inputs.createRig.parse({
      name: `rig ${choices.int(1, 1000)}`,
      gitUrl: 'https://git.example/another',
      config: { maxDispatchAttempts: choices.int(1, 5) },
    });
    return create(
      { ...deps, integrations: noIntegrations, allowsLocalGitUrls: false, githubHost: 'github.com' },
      USER,
      town.head.id,
      input,
      request,
    );
  },
  removeRig: remove(false),
  forceRemoveRig: remove(true),
} as const satisfies Record<string, Act>;
