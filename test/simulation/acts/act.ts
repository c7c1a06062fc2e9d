import type { Town } from '../../../core/town/town.ts';
import type { RouteContext } from '../../../lambdas/http/route.ts';
import type { TownDeps } from '../../../lambdas/api/context.ts';
import type { ModelTown } from '../../contract/loop/world.ts';
import type { Choices } from '../random.ts';

/** What somebody who acts on a town has: the town as it was just read, and the functions' own dependencies. */
export interface Acting {
  readonly deps: TownDeps;
  readonly town: Town;
  readonly model: ModelTown;
  readonly choices: Choices;
  readonly request: RouteContext;
}

/** Does something through the API's own functions. Undefined: there was nothing to do it to. */
export type Act = (acting: Acting) => Promise<unknown> | undefined;
