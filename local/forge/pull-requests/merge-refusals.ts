import { checkName, checkOutcome } from '../state/check.ts';
import { isOpen, type Mergeability, type PullRequest } from '../state/pull-request.ts';
import { knownMergeability } from './mergeability.ts';
import { checksOf } from './checks.ts';
import { approvalsOf, changeRequestsOf, rulesOf } from './reviews.ts';
import type { World } from '../world.ts';

const VIOLATION = 'Repository rule violations found\n\n';

/** What the rules of its base branch still want of a pull request; without being up to date, and without a queue. */
export function ruleRefusals(pull: PullRequest): string[] {
  const rules = rulesOf(pull);
  const found: string[] = [];
  const { requiredApprovals: wanted } = rules;
  if (wanted > 0 && changeRequestsOf(pull) > 0)
    found.push('Changes have been requested by a reviewer with write access.');
  else if (approvalsOf(pull) < wanted)
    found.push(
      `At least ${wanted} approving review${wanted === 1 ? ' is' : 's are'} required by reviewers with write access.`,
    );
  found.push(...checkRefusals(pull, rules.requiredChecks));
  if (rules.requiresConversationResolution && pull.threads.some(({ resolvedBy }) => resolvedBy === undefined))
    found.push(`${VIOLATION}A conversation must be resolved before this pull request can be merged.\n\n`);
  return found;
}

function checkRefusals(pull: PullRequest, required: readonly string[]): string[] {
  const checks = checksOf(pull.repository, pull.headSha);
  const open = required.flatMap((name) => {
    const named = checks.filter((check) => checkName(check) === name).map(checkOutcome);
    if (named.length === 0) return [{ name, word: 'expected' }];
    if (named.includes('failed')) return [{ name, word: 'failing' }];
    return named.includes('pending') ? [{ name, word: 'pending' }] : [];
  });
  const [first] = open;
  if (first === undefined) return [];
  if (required.length === 1) return [`Required status check "${first.name}" is ${first.word}.`];
  const words = ['expected', 'failing', 'pending'].flatMap((word) => {
    const count = open.filter((item) => item.word === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const verb = open.length === 1 ? 'has' : 'have';
  return [
    `${open.length} of ${required.length} required status checks ${verb} not succeeded: ${words.join(', ')}.`,
  ];
}

export const BEHIND = 'Head branch is out of date. Review and try the merge again.';
export const QUEUE_ONLY = `${VIOLATION}Changes must be made through the merge queue\n\n`;

export const isTooFarBehind = (pull: PullRequest, computed: Mergeability | undefined): boolean =>
  rulesOf(pull).requiresUpToDate && computed?.isBehind === true;

export type MergeState = 'UNKNOWN' | 'DIRTY' | 'DRAFT' | 'BLOCKED' | 'BEHIND' | 'UNSTABLE' | 'CLEAN';

/** One word out of many reasons: `BLOCKED` outranks and hides `BEHIND`, and says nothing of why. */
export async function mergeStateOf(world: World, pull: PullRequest): Promise<MergeState> {
  const computed = await knownMergeability(world, pull);
  if (!isOpen(pull) || computed === undefined) return 'UNKNOWN';
  if (!computed.isClean) return 'DIRTY';
  if (pull.isDraft) return 'DRAFT';
  if (ruleRefusals(pull).length > 0) return 'BLOCKED';
  if (isTooFarBehind(pull, computed)) return 'BEHIND';
  const isAllGreen = checksOf(pull.repository, pull.headSha).every(
    (check) => checkOutcome(check) === 'passed',
  );
  return isAllGreen ? 'CLEAN' : 'UNSTABLE';
}
