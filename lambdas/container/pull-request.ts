import { NotFound } from '../../core/errors.ts';
import type { ForgeConversation, PullRequestName } from '../../core/forge-conversation.ts';
import type { Ids } from '../../core/ids.ts';
import type { AgentClaims, ForgeRepository } from '../../core/ports.ts';
import type {
  LogAnswer,
  ChecksAnswer,
  PullRequestDone,
  ReplyRequest,
  ResolveThreadRequest,
  ThreadsAnswer,
} from '../../core/protocol/pull-request-api.ts';
import type { MergeRequest } from '../../core/town/merge-request.ts';
import { forgeTokenOf, type ForgeTokenDeps } from '../adapters/github/forge-token.ts';
import { current, type AgentToolDeps } from './agent-statements.ts';

/** Agents hold no credential of a forge: what they read and say on a pull request goes through here. */
export interface PullRequestDeps extends AgentToolDeps, ForgeTokenDeps {
  readonly store: AgentToolDeps['store'] & ForgeTokenDeps['store'];
  readonly conversation: ForgeConversation;
}

/** An answer is read by a model. */
const MAX_THREADS = 50;
const MAX_COMMENTS = 20;
const MAX_COMMENT_CHARS = 4000;
const MAX_CHECKS = 100;

export async function threads(deps: PullRequestDeps, claims: AgentClaims): Promise<ThreadsAnswer> {
  const { repository, pullRequest, url } = await own(deps, claims);
  const { items, isWhole } = await deps.conversation.threads(repository, pullRequest);
  // What is settled is of least use.
  const sorted = items.toSorted((a, b) => Number(a.isResolved) - Number(b.isResolved));
  return {
    number: pullRequest.number,
    url,
    isWhole: isWhole && items.length <= MAX_THREADS,
    items: sorted.slice(0, MAX_THREADS).map(({ comments, ...thread }) => ({
      ...thread,
      comments: comments
        .slice(-MAX_COMMENTS)
        .map((comment) => ({ ...comment, body: withoutHidden(comment.body).slice(0, MAX_COMMENT_CHARS) })),
    })),
  };
}

/** The same call again says nothing again: its id is the call's. */
export async function reply(
  deps: PullRequestDeps,
  claims: AgentClaims,
  { threadId, body }: ReplyRequest,
  ids: Ids,
): Promise<PullRequestDone> {
  const { repository, pullRequest } = await own(deps, claims);
  await deps.conversation.reply(repository, pullRequest, { threadId, body, key: ids.next() });
  return { message: 'Said. When the thread is dealt with, resolve it.' };
}

export async function resolve(
  deps: PullRequestDeps,
  claims: AgentClaims,
  { threadId }: ResolveThreadRequest,
): Promise<PullRequestDone> {
  const { repository, pullRequest } = await own(deps, claims);
  await deps.conversation.resolve(repository, pullRequest, { threadId });
  return { message: 'The thread is resolved.' };
}

export async function checks(deps: PullRequestDeps, claims: AgentClaims): Promise<ChecksAnswer> {
  const { repository, pullRequest, url } = await own(deps, claims);
  const { items, isWhole } = await deps.conversation.checks(repository, pullRequest);
  const order = ['failed', 'pending', 'unknown', 'passed'];
  const sorted = items.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return {
    number: pullRequest.number,
    url,
    isWhole: isWhole && items.length <= MAX_CHECKS,
    items: sorted.slice(0, MAX_CHECKS).map((check) => ({ ...check })),
  };
}

export async function log(deps: PullRequestDeps, claims: AgentClaims, checkId: string): Promise<LogAnswer> {
  const { repository, pullRequest } = await own(deps, claims);
  return deps.conversation.log(repository, pullRequest, { id: checkId });
}

/**
 * The pull request of the agent's work, with what opens its repository.
 * @throws NotFound when there is none; ForgeError when no token opens it
 */
async function own(
  deps: PullRequestDeps,
  claims: AgentClaims,
): Promise<{ repository: ForgeRepository; pullRequest: PullRequestName; url: string | undefined }> {
  await current(deps, claims);
  const mr = await mergeRequestOf(deps, claims);
  const number = mr?.pullRequest?.number;
  if (mr === undefined || number === undefined)
    throw new NotFound(
      'Your work has no pull request: there is nothing to read or answer. Go on with what you were given.',
    );
  const rig = await deps.store.record(claims.townId, 'rig', mr.rigId);
  if (rig === undefined) throw new NotFound('The rig is not there any more.');
  const token = await forgeTokenOf(deps, claims.townId, rig);
  return { repository: { gitUrl: rig.gitUrl, token }, pullRequest: { number }, url: mr.pullRequest?.url };
}

/** What a reviewer reviews; what a worker repairs, or what its own bead is merged by. */
async function mergeRequestOf(
  { store }: PullRequestDeps,
  { townId, work }: AgentClaims,
): Promise<MergeRequest | undefined> {
  if (work.kind === 'mergeRequest') return store.record(townId, 'mergeRequest', work.id);
  if (work.kind !== 'bead') return undefined;
  const bead = await store.record(townId, 'bead', work.id);
  if (bead === undefined) return undefined;
  if (bead.repairOf !== undefined) return store.record(townId, 'mergeRequest', bead.repairOf);
  const town = await store.live(townId);
  return [...(town?.live.mergeRequest.values() ?? [])].find(
    ({ subject }) => subject.kind === 'bead' && subject.id === bead.id,
  );
}

/** Comments of HTML are shown to nobody who reads the page, and would be to a model. */
const withoutHidden = (markdown: string): string => markdown.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '').trim();
