import { seededConfig, type TownConfig, type TownSettings } from '../../../core/town/config.ts';
import { givenSecrets, patchTown } from '../../../core/town/config/town-patch.ts';
import type { RouteContext } from '../../http/route.ts';
import type { SettingsDeps } from './deps.ts';
import { refuseIssues } from './refuse.ts';
import { storeSecrets } from './store-secrets.ts';

/**
 * The settings that a new town is stored with: the seeds, and over them what its creator gave. Its secrets are kept before;
 * without the town nobody finds them.
 * @throws InvalidInput
 */
export async function settingsOfNewTown(
  { secrets }: Pick<SettingsDeps, 'secrets'>,
  townId: string,
  given: TownSettings,
  context: RouteContext,
): Promise<TownConfig> {
  const toKeep = givenSecrets(given);
  // Checked before anything is written; what the versions are called makes no difference.
  const names = new Map(toKeep.map(({ name }) => [name, 'new']));
  refuseIssues(patchTown({}, given, names).issues, 'config.');
  const versions = await storeSecrets(secrets, townId, toKeep, context);
  return seededConfig(patchTown({}, given, versions).config);
}
