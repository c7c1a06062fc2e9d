import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidInput } from '../core/errors.ts';
import { groupsClaim } from '../lambdas/http/groups-claim.ts';
import { openLocalKeys } from './keys.ts';

/** As long as the token of `local.json`. */
export const USER_TOKEN_SECONDS = 30 * 24 * 3600;

/**
 * A token for another user of a local installation, as somebody else would have it in AWS; the installation need not run.
 * @param user what the user is called: letters, digits and `. _ @ -`
 * @param orgs organisations that the user belongs to
 * @throws InvalidInput that says what to change
 */
export async function userTokenOf(options: {
  readonly dataDir: string;
  readonly user: string;
  readonly orgs: readonly string[];
  readonly lifeSeconds?: number;
}): Promise<string> {
  const { user, orgs, lifeSeconds = USER_TOKEN_SECONDS } = options;
  const dataDir = resolve(options.dataDir);
  if (!existsSync(dataDir)) {
    throw new InvalidInput(
      `There is no installation in ${dataDir}. Start one with \`npm start\`, or say --data-dir.`,
    );
  }
  if (!/^[\w.@-]{1,128}$/.test(user)) {
    throw new InvalidInput('--user is a name of letters, digits and the characters . _ @ -');
  }
  if (!groupsClaim.safeParse(orgs).success) {
    throw new InvalidInput('--org is the name of an organisation, without spaces.');
  }
  return (await openLocalKeys(dataDir)).userToken(user, lifeSeconds, orgs);
}
