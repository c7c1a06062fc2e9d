/** What the app may do where it is installed: what merging over pull requests needs. */
const PERMISSIONS = {
  contents: 'write',
  pull_requests: 'write',
  checks: 'read',
  actions: 'read',
  statuses: 'read',
  administration: 'read',
  metadata: 'read',
} as const;

/** What it is told besides installations, which every app is told. */
const EVENTS = [
  'pull_request',
  'pull_request_review',
  'pull_request_review_thread',
  'check_run',
  'check_suite',
  'status',
  'push',
] as const;

export interface ManifestOptions {
  readonly name: string;
  /** Address of the API. */
  readonly url: string;
  /** Where the browser comes back to. */
  readonly redirectUrl: string;
  /** Whether others than the owner may install it. */
  readonly isPublic: boolean;
}

/** GitHub delivers to https on the internet alone. */
export function isReachable(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' && !/^(?:localhost|127\.|\[)/.test(hostname);
}

/**
 * The manifest of the app. Whoever installs it goes to the callback with a code, so that GitHub takes no setup address. Where GitHub cannot
 * reach the API there is no webhook: pull requests are then looked at again and again.
 */
export function manifestOf({ name, url, redirectUrl, isPublic }: ManifestOptions): object {
  const told = {
    hook_attributes: { url: `${url}/v1/webhooks/github`, active: true },
    default_events: EVENTS,
  };
  return {
    name,
    url,
    redirect_url: redirectUrl,
    callback_urls: [`${url}/v1/integrations/github/callback`],
    request_oauth_on_install: true,
    public: isPublic,
    default_permissions: PERMISSIONS,
    ...(isReachable(url) ? told : {}),
  };
}
