import type { Effect } from '../../core/effects.ts';
import { MAX_REPORTS, type MessageFact } from '../../core/facts/message.ts';
import type { Forge, ForgeRepository, Now, TownStore } from '../../core/ports.ts';
import { ForgeError } from '../../core/pull-request/forge-error.ts';
import { IN_MERGE_QUEUE } from '../../core/pull-request/blockers.ts';
import { observationOf, type AskFailure, type ForgeReport } from '../../core/pull-request/observation.ts';
import type { PullRequestSnapshot } from '../../core/pull-request/snapshot.ts';
import type { MergeRequest } from '../../core/town/merge-request.ts';
import type { Rig } from '../../core/town/rig.ts';

/** A forge, and what opens a town's repositories there. */
export interface ForgeAccess {
  readonly forge: Forge;
  /** @throws ForgeError `no_token` with what was tried and what to set */
  token(townId: string, rig: Rig): Promise<string>;
}

export interface ForgeDeps {
  readonly store: Pick<TownStore, 'record' | 'head'>;
  readonly forges: ForgeAccess;
  readonly now: Now;
}

type ForgeEffect = Extract<
  Effect,
  { type: 'open_pull_request' | 'observe_pull_requests' | 'merge_pull_request' }
>;
type Result = Extract<MessageFact, { type: 'effect_result' }>['result'];

/** Does what a town asked of a forge. Whatever the forge answers is the answer: how often it is asked again is for the rules to say. */
export async function askForge(deps: ForgeDeps, townId: string, effect: ForgeEffect): Promise<Result> {
  switch (effect.type) {
    case 'open_pull_request':
      return { ok: true, reports: await reportsOf(deps, townId, [effect.mergeRequestId], openOne) };
    case 'merge_pull_request':
      return { ok: true, reports: await mergeOne(deps, townId, effect) };
    case 'observe_pull_requests':
      return {
        ok: true,
        reports: await observeAll(deps, townId, effect.mergeRequestIds.slice(0, MAX_REPORTS)),
      };
  }
}

interface Asked {
  readonly mr: MergeRequest;
  readonly repository: ForgeRepository;
}

/** The merge requests that are still there, with what opens their repositories; and why the others have none. */
async function openedUp(
  { store, forges }: ForgeDeps,
  townId: string,
  ids: readonly string[],
): Promise<{ asked: Asked[]; failures: AskFailure[] }> {
  const asked: Asked[] = [];
  const failures: AskFailure[] = [];
  const tokens = new Map<string, Promise<string>>();
  const found = await Promise.all(ids.map((id) => store.record(townId, 'mergeRequest', id)));
  for (const mr of found) {
    const rig = mr === undefined ? undefined : await store.record(townId, 'rig', mr.rigId);
    if (mr === undefined || rig === undefined) continue;
    try {
      const token = tokens.get(rig.id) ?? forges.token(townId, rig);
      tokens.set(rig.id, token);
      asked.push({ mr, repository: { gitUrl: rig.gitUrl, token: await token } });
    } catch (error) {
      failures.push(failureOf(mr.id, error));
    }
  }
  return { asked, failures };
}

/** @throws what is no answer of a forge */
function failureOf(mergeRequestId: string, error: unknown): AskFailure {
  if (!(error instanceof ForgeError)) throw error;
  const { kind, userMessage, until } = error;
  return { mergeRequestId, failure: { kind, message: userMessage.slice(0, 500), until } };
}

async function reportsOf(
  deps: ForgeDeps,
  townId: string,
  ids: readonly string[],
  ask: (deps: ForgeDeps, asked: Asked) => Promise<PullRequestSnapshot>,
): Promise<ForgeReport[]> {
  const { asked, failures } = await openedUp(deps, townId, ids);
  const reports: ForgeReport[] = [...failures];
  for (const one of asked) {
    try {
      reports.push(observationOf(one.mr.id, await ask(deps, one)));
    } catch (error) {
      reports.push(failureOf(one.mr.id, error));
    }
  }
  return reports;
}

/** Opens it, and looks at it at once: the answer to an opening does not say what blocks it. */
async function openOne({ forges }: ForgeDeps, { mr, repository }: Asked): Promise<PullRequestSnapshot> {
  const { branch, target, title, subject } = mr;
  const body = `${title}\n\nOpened by Gastown for the ${subject.kind} ${subject.id}. The town merges it when nothing blocks it.`;
  const opened = await forges.forge.open(repository, { branch, target, title, body });
  const [looked] = await forges.forge.observe([{ ...repository, number: opened.number }]).catch(() => []);
  return looked === undefined || looked instanceof ForgeError ? opened : looked;
}

async function observeAll(deps: ForgeDeps, townId: string, ids: readonly string[]): Promise<ForgeReport[]> {
  const { asked, failures } = await openedUp(deps, townId, ids);
  const wanted = asked.flatMap(({ mr, repository }) => {
    const number = mr.pullRequest?.number;
    return number === undefined ? [] : [{ id: mr.id, ...repository, number }];
  });
  if (wanted.length === 0) return failures;
  // A forge that answers about none of them says so once.
  const answers = await deps.forges.forge.observe(wanted).catch((error: unknown) => {
    if (!(error instanceof ForgeError)) throw error;
    return wanted.map(() => error);
  });
  return [
    ...failures,
    ...answers.flatMap((answer, place): ForgeReport[] => {
      const id = wanted[place]?.id;
      if (id === undefined) return [];
      return [answer instanceof ForgeError ? failureOf(id, answer) : observationOf(id, answer)];
    }),
  ];
}

/**
 * Looks again, and merges the evaluated head only when nothing blocks it now. A merge whose answer was lost is seen by the look of the
 * next try. Without a report nothing was merged: it came too late, the town is not active any more, or another head is evaluated by now.
 */
async function mergeOne(
  deps: ForgeDeps,
  townId: string,
  effect: Extract<ForgeEffect, { type: 'merge_pull_request' }>,
): Promise<ForgeReport[]> {
  const { store, forges, now } = deps;
  const { mergeRequestId, headSha, notAfter } = effect;
  const [looked] = await observeAll(deps, townId, [mergeRequestId]);
  if (looked === undefined || 'failure' in looked) return looked === undefined ? [] : [looked];
  const isMergeable = looked.state === 'open' && looked.blockers.length === 0 && looked.headSha === headSha;
  if (!isMergeable || now() > notAfter || (await store.head(townId))?.lifecycle !== 'active') return [looked];
  const { asked } = await openedUp(deps, townId, [mergeRequestId]);
  const [one] = asked;
  if (one?.mr.stage !== 'merging' || one.mr.headSha !== headSha) return [looked];
  try {
    const { number } = looked;
    const answer = await forges.forge.merge(one.repository, { number, headSha });
    if (answer.state === 'merged') return [{ ...looked, state: 'merged', mergeSha: answer.mergeSha }];
    if (answer.state === 'queued') return [{ ...looked, blockers: [IN_MERGE_QUEUE] }];
    const detail = `the forge refused to merge it: ${answer.reason}`.slice(0, 300);
    return [{ ...looked, blockers: [{ kind: 'policyRefused', who: 'human', detail }] }];
  } catch (error) {
    return [failureOf(mergeRequestId, error)];
  }
}
