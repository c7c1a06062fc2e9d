import type * as z from 'zod';
import { Conflict, InvalidInput } from '../../core/errors.ts';
import type { Head } from '../../core/town/head.ts';
import type { RouteContext } from '../http/route.ts';
import type { Caller } from './caller.ts';
import type { createTown as createTownInput } from './inputs/towns.ts';
import { checkUse } from './integrations/check-use.ts';
import type { SettingsDeps } from './settings/deps.ts';
import { settingsOfNewTown } from './settings/new-town.ts';

/** A town of the user; the one that is there when the same creation was begun before. */
export async function createTown(
  deps: Pick<SettingsDeps, 'store' | 'secrets' | 'integrations'>,
  caller: Caller,
  { name, orgId, config: given = {} }: z.infer<typeof createTownInput>,
  context: RouteContext,
): Promise<Head> {
  if (orgId !== undefined && !caller.orgIds.includes(orgId)) {
    const message = 'you are in no organisation of this name';
    throw new InvalidInput(`The town cannot be made: ${message}.`, [{ path: 'orgId', message }]);
  }
  const { store } = deps;
  const { ids, at } = context;
  const id = ids.next();
  const owners = { ownerId: caller.id, ...(orgId === undefined ? {} : { orgId }) };
  await checkUse(deps.integrations, caller, owners, {
    path: 'config.gitAuth.platformIntegrationId',
    given: given.gitAuth?.platformIntegrationId,
  });
  const config = await settingsOfNewTown(deps, id, given, context);
  try {
    return await store.createTown({
      head: { id, name, ...owners },
      config: { ...config, rev: 1 },
      at,
    });
  } catch (error) {
    const known = error instanceof Conflict ? await store.head(id) : undefined;
    if (known === undefined || known.ownerId !== caller.id) throw error;
    return known;
  }
}
