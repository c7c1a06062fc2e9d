/** What became of the way to GitHub and back; pages of the console read it from their query. */
export const INSTALL_OUTCOMES = {
  success: { name: 'github_install', value: 'success' },
  /** Somebody without the right to install asked those who have it. */
  pendingApproval: { name: 'pending_approval', value: 'true' },
  /** The way did not begin here, took too long, or was gone before. */
  stateInvalid: { name: 'error', value: 'install_state_invalid' },
  missingInstallationId: { name: 'error', value: 'missing_installation_id' },
  notInstallationAdmin: { name: 'error', value: 'not_installation_admin' },
  installationNotFound: { name: 'error', value: 'installation_not_found' },
  /** It is claimed, and gives nothing before somebody lifts the suspension on GitHub. */
  installationSuspended: { name: 'error', value: 'installation_suspended' },
  alreadyClaimed: { name: 'error', value: 'installation_already_claimed' },
  failed: { name: 'error', value: 'installation_failed' },
} as const;
export type InstallOutcome = keyof typeof INSTALL_OUTCOMES;

const NAMES = new Set<string>(Object.values(INSTALL_OUTCOMES).map(({ name }) => name));

const isOutcome = (part: string): boolean =>
  [...new URLSearchParams(part).keys()].some((key) => NAMES.has(key));

/** The path with the outcome in its query, before the fragment; one that an earlier way has left is replaced. */
export function withOutcome(path: string, outcome: InstallOutcome): string {
  const { name, value } = INSTALL_OUTCOMES[outcome];
  const [, page = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(path) ?? [];
  const kept = query.split('&').filter((part) => part !== '' && !isOutcome(part));
  return `${page}?${[...kept, `${name}=${value}`].join('&')}${fragment}`;
}
