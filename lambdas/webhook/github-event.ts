import * as z from 'zod';
import type { Integration } from '../../core/integration.ts';
import { MAX_REPORTS } from '../../core/facts/message.ts';

/** Where something has changed. Nothing else of an event is used: what it is, the town asks GitHub itself. */
export interface Place {
  /** `owner/name` */
  readonly fullName: string;
  readonly numbers: readonly number[];
  readonly headSha?: string | undefined;
  readonly branch?: string | undefined;
}

export type GitHubEvent =
  | { readonly kind: 'changed'; readonly installationId: number; readonly place: Place }
  | { readonly kind: 'installation'; readonly installationId: number; readonly state: Integration['state'] }
  /** Nothing that a town waits for. */
  | { readonly kind: 'ignored' };

const installed = z.object({ installation: z.object({ id: z.number().int().positive() }) });
const located = installed.extend({ repository: z.object({ full_name: z.string().min(3).max(200) }) });
const number = z.number().int().positive();
const sha = z.string().max(64);
const ref = z.object({ ref: z.string().max(300) });

const pullRequestEvent = located.extend({ pull_request: z.object({ number, head: ref }) });
const checkedEvent = z.object({ head_sha: sha, pull_requests: z.array(z.object({ number })).catch([]) });
const checkRunEvent = located.extend({ action: z.string(), check_run: checkedEvent });
const checkSuiteEvent = located.extend({ action: z.string(), check_suite: checkedEvent });
const statusEvent = located.extend({ sha });
const pushEvent = located.extend(ref.shape);
const installationEvent = installed.extend({ action: z.string() });

/** Of `installation`; GitHub's other actions change nothing here. */
const STATES: Readonly<Record<string, Integration['state']>> = {
  created: 'active',
  unsuspend: 'active',
  suspend: 'suspended',
  deleted: 'deleted',
};

const IGNORED: GitHubEvent = { kind: 'ignored' };

/**
 * @param name `X-GitHub-Event`
 * @throws z.ZodError when it is not what GitHub sends under this name
 */
export function gitHubEventOf(name: string, payload: unknown): GitHubEvent {
  switch (name) {
    case 'pull_request':
    case 'pull_request_review':
    case 'pull_request_review_thread': {
      const event = pullRequestEvent.parse(payload);
      const { number: one, head } = event.pull_request;
      // By its branch, too: the town may not have heard yet which number it got.
      return changed(event, { numbers: [one], branch: head.ref });
    }
    case 'check_run': {
      const event = checkRunEvent.parse(payload);
      return checked(event, event.check_run);
    }
    case 'check_suite': {
      const event = checkSuiteEvent.parse(payload);
      return checked(event, event.check_suite);
    }
    case 'status': {
      const event = statusEvent.parse(payload);
      return changed(event, { numbers: [], headSha: event.sha });
    }
    case 'push': {
      const event = pushEvent.parse(payload);
      const [, branch] = /^refs\/heads\/(.+)$/.exec(event.ref) ?? [];
      return branch === undefined ? IGNORED : changed(event, { numbers: [], branch });
    }
    case 'installation': {
      const { action, installation } = installationEvent.parse(payload);
      const state = Object.hasOwn(STATES, action) ? STATES[action] : undefined;
      return state === undefined ? IGNORED : { kind: 'installation', installationId: installation.id, state };
    }
    default:
      return IGNORED;
  }
}

/** A check that begins changes nothing that a town waits for: it looks again before it merges. */
function checked(
  event: z.infer<typeof located> & { action: string },
  { head_sha: headSha, pull_requests }: z.infer<typeof checkedEvent>,
): GitHubEvent {
  if (event.action !== 'completed') return IGNORED;
  const numbers = pull_requests.map(({ number: one }) => one).slice(0, MAX_REPORTS);
  return changed(event, { numbers, headSha });
}

const changed = (
  { installation, repository }: z.infer<typeof located>,
  place: Omit<Place, 'fullName'>,
): GitHubEvent => ({
  kind: 'changed',
  installationId: installation.id,
  place: { fullName: repository.full_name, ...place },
});
