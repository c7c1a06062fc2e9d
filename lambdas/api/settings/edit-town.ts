import { Unavailable } from '../../../core/errors.ts';
import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import type { TownPatch } from '../../../core/town/config.ts';
import { givenSecrets, patchTown } from '../../../core/town/config/town-patch.ts';
import type { Town } from '../../../core/town/town.ts';
import type { RouteContext } from '../../http/route.ts';
import { withTown } from '../access.ts';
import type { Caller } from '../caller.ts';
import { checkUse } from '../integrations/check-use.ts';
import type { SettingsDeps } from './deps.ts';
import { refuseIssues } from './refuse.ts';
import { removeSuperseded } from './remove-superseded.ts';
import { storeSecrets } from './store-secrets.ts';

/**
 * Changes settings: what is not named stays, null clears, and a mask keeps the secret that it stands for. New secrets are kept
 * first and named by the settings afterwards, in one write: a crash in between changes nothing.
 * @throws InvalidInput, NotFound, Conflict, Unavailable
 */
export async function editTownConfig(
  { store, secrets, integrations, towns, now }: SettingsDeps,
  caller: Caller,
  townId: string,
  patch: TownPatch,
  context: RouteContext,
): Promise<Town['config']> {
  const toKeep = givenSecrets(patch);
  const names = new Map(toKeep.map(({ name }) => [name, 'new']));
  let versions: ReadonlyMap<string, string> | undefined;
  const edited = await withTown(store, caller, townId, async (town) => {
    const { rev, ...before } = town.config;
    refuseIssues(patchTown(before, patch, names).issues);
    await checkUse(integrations, caller, town.head, {
      path: 'gitAuth.platformIntegrationId',
      given: patch.gitAuth?.platformIntegrationId,
      before: before.gitAuth?.platformIntegrationId,
    });
    // Once, however often the town has to be read again.
    versions ??= await storeSecrets(secrets, townId, toKeep, context);
    const after = patchTown(before, patch, versions).config;
    await store.edit(
      town,
      {
        rule: 'api/config',
        subject: { kind: 'town', id: townId },
        reason: `${caller.id} changed ${changedNames(patch)}`,
        by: caller.id,
        config: after,
      },
      now(),
    );
    return { before, config: { ...after, rev: rev + 1 } };
  });
  const { config } = edited;
  await removeSuperseded(secrets, townId, edited, now()).catch((error: unknown) => {
    // The change is made; the next one removes what this one has left.
    if (!(error instanceof Unavailable)) throw error;
  });
  await towns.send({ v: MESSAGE_VERSION, townId });
  return config;
}

/** For the audit log: names, never values. */
const changedNames = (patch: TownPatch): string => {
  const names = Object.keys(patch);
  return names.length === 0 ? 'nothing' : names.join(', ');
};
