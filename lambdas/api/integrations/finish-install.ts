import { TownError } from '../../../core/errors.ts';
import { withOutcome, type InstallOutcome } from '../../../core/install/outcome.ts';
import { integrationIdOf, type Integration } from '../../../core/integration.ts';
import type { AppInstallation } from '../../../core/ports.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { orgOwner } from '../../../core/town/owners.ts';
import type { InstallWish } from '../../adapters/dynamodb/install-states.ts';
import type { ApiDeps } from '../context.ts';
import { inTime } from './in-time.ts';

/** What GitHub sends a browser back with. Nothing of it is believed. */
export interface InstallReturn {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly installation_id?: number | undefined;
  readonly setup_action?: string | undefined;
}

export type InstallDeps = Pick<
  ApiDeps,
  'consoleUrl' | 'githubApp' | 'installStates' | 'integrations' | 'telemetry'
> & {
  /** How long GitHub is waited for. @default less than the gateway waits for us (30 s) */
  readonly githubLimitMs?: number;
};

const GITHUB_LIMIT_MS = 20_000;
/** Where nobody said where to go on. */
const DEFAULT_PAGE = '/integrations';

/**
 * The way back from GitHub: claims the installation for whoever asked for it. Anybody can send a browser here with anything in the
 * query, and a browser brings no token:
 *
 * - Who it is claimed for stands in the table under the state, as it was when a signed-in user asked, and nowhere else. The state is used
 *   up before anything else is asked, so that one way makes one try, whatever comes of it.
 * - `installation_id` proves nothing: the `code` must be of a GitHub user who administers that installation. With somebody else's state
 *   one can give away an installation that one administers, but not take one.
 * - What a page of the console has to see is in the outcome; the state and what it stands for are told to nobody.
 *
 * What is left: no cookie ties the browser to the user who asked, since the console calls from another site, where browsers keep none. An
 * administrator whom another user of this installation leads to GitHub with that user's state may give that user an installation that
 * nobody has claimed yet. What limits it: a state is good for ten minutes and once, what is claimed is never taken over, whoever administers
 * an account sees the app among its installations, and to uninstall it there ends what was given.
 *
 * @returns the address on the console; never throws
 */
export async function finishInstall(deps: InstallDeps, given: InstallReturn, at: Instant): Promise<string> {
  const goOn = (path: string, outcome: InstallOutcome): string =>
    deps.consoleUrl() + withOutcome(path, outcome);
  let wish: InstallWish | undefined;
  try {
    wish = given.state === undefined ? undefined : await deps.installStates.redeemState(given.state);
    if (wish === undefined) return goOn(DEFAULT_PAGE, 'stateInvalid');
    return goOn(wish.returnPath ?? DEFAULT_PAGE, await outcomeOf(deps, given, wish, at));
  } catch (error) {
    deps.telemetry.log('error', 'installation of the GitHub App failed', whatFailed(error));
    return goOn(wish?.returnPath ?? DEFAULT_PAGE, 'failed');
  }
}

async function outcomeOf(
  { githubApp, integrations, githubLimitMs = GITHUB_LIMIT_MS }: InstallDeps,
  { code, installation_id: installationId, setup_action: action }: InstallReturn,
  wish: InstallWish,
  at: Instant,
): Promise<InstallOutcome> {
  if (action === 'request') return 'pendingApproval';
  if (installationId === undefined) return 'missingInstallationId';
  if (code === undefined) return 'notInstallationAdmin';
  // Who may not know of an installation is not told whether it is there.
  const ask = async (): Promise<AppInstallation | InstallOutcome> =>
    (await githubApp.administers({ code, installationId }))
      ? ((await githubApp.installation(installationId)) ?? 'installationNotFound')
      : 'notInstallationAdmin';
  const found = await inTime(ask(), githubLimitMs);
  if (typeof found === 'string') return found;
  const before = await integrations.integration(integrationIdOf(installationId));
  if (!(await integrations.claim(claimOf(found, before, wish, at)))) return 'alreadyClaimed';
  return found.isSuspended ? 'installationSuspended' : 'success';
}

/** One that the owner has already is the same one, with what is known of it now. */
function claimOf(
  { installationId, account, selection, isSuspended }: AppInstallation,
  before: Integration | undefined,
  { userId, orgId }: InstallWish,
  at: Instant,
): Integration {
  const ownerId = orgId === undefined ? userId : orgOwner(orgId);
  const isRenewed = before?.ownerId === ownerId && before.state !== 'deleted';
  const { createdBy, createdAt } = isRenewed ? before : { createdBy: userId, createdAt: at };
  return {
    id: integrationIdOf(installationId),
    provider: 'github',
    ownerId,
    installationId,
    account,
    selection,
    state: isSuspended ? 'suspended' : 'active',
    createdBy,
    createdAt,
    updatedAt: at,
  };
}

/** Words of others may repeat what was sent, and that is a code or a state: only our own words are logged, and the place. */
const whatFailed = (error: unknown) => ({
  error: error instanceof Error ? error.name : typeof error,
  detail: error instanceof TownError ? error.userMessage : undefined,
  place: error instanceof Error ? placeOf(error) : undefined,
});

const placeOf = ({ stack = '', message }: Error): string | undefined =>
  /^ +at .*$/m.exec(stack.replace(message, ''))?.[0].trim();
