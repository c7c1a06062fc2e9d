import { MAX_FEEDBACK_CHARS } from '../town/bead.ts';
import type { PullRequestSnapshot } from './snapshot.ts';

const MAX_TEXT_CHARS = 600;
const MAX_ITEMS = 12;

/**
 * What an agent is told to repair, in the order in which it should: undefined, when there is nothing for one to do. The texts of people and
 * programs are quoted; the agent's prompt fences them as untrusted.
 */
export function feedbackOf(snapshot: PullRequestSnapshot): string | undefined {
  const { mergeable, mergeState, baseBranch, checks, threads, reviewDecision, changeRequests } = snapshot;
  const parts: string[] = [];
  if (mergeable === 'conflict')
    parts.push(
      `It conflicts with ${baseBranch}. Merge origin/${baseBranch} into your branch and resolve the conflicts.`,
    );
  else if (mergeState === 'behind')
    parts.push(`Merge origin/${baseBranch} into your branch: it lacks commits of it.`);
  const failed = (checks?.items ?? []).filter(({ state }) => state === 'failed').map(({ name }) => name);
  if (failed.length > 0) parts.push(`Checks failed: ${failed.slice(0, MAX_ITEMS).join(', ')}.`);
  for (const { author, place, text } of (threads?.unresolved ?? []).slice(0, MAX_ITEMS))
    parts.push(`${author}${place === undefined ? '' : ` at ${place}`}: ${text.slice(0, MAX_TEXT_CHARS)}`);
  if (reviewDecision === 'changesRequested') {
    for (const { author, body } of changeRequests.filter(({ isOnHead }) => isOnHead).slice(0, MAX_ITEMS))
      parts.push(`${author} asks for changes: ${body.slice(0, MAX_TEXT_CHARS) || '(without a text)'}`);
  }
  return parts.length === 0 ? undefined : parts.join('\n').slice(0, MAX_FEEDBACK_CHARS);
}
