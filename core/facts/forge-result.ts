import { enterStage } from '../acts/merge-requests.ts';
import { applyReport } from '../acts/pull-request-reports.ts';
import { noteForgeFailure } from '../acts/pull-requests.ts';
import type { Effect, OutboxRow } from '../effects.ts';
import { failureKind } from '../pull-request/failure.ts';
import type { Step } from '../step.ts';
import type { FactOutcome, StatementOf } from './fact.ts';
import type { MessageFact } from './message.ts';

type ForgeEffect = Extract<
  Effect,
  { type: 'open_pull_request' | 'observe_pull_requests' | 'merge_pull_request' }
>;

/**
 * A forge was asked. The effect is over with any answer: what it says of the pull requests is kept with them, and the rules ask again when it
 * is time.
 */
export function applyForgeResult(
  step: Step,
  row: OutboxRow,
  effect: ForgeEffect,
  { result }: StatementOf<MessageFact, 'effect_result'>,
): FactOutcome {
  const { draft } = step;
  draft.dropOutbox(row.key);
  for (const report of result.ok ? (result.reports ?? []) : []) applyReport(step, report, row.createdAt);
  const asked = effect.type === 'observe_pull_requests' ? effect.mergeRequestIds : [effect.mergeRequestId];
  if (!result.ok) {
    const kind = failureKind.safeParse(result.code).data ?? 'http_error';
    for (const id of asked) {
      const mr = draft.get('mergeRequest', id);
      if (mr !== undefined) noteForgeFailure(step, mr, { kind, message: result.message });
    }
  }
  if (effect.type === 'merge_pull_request') backToOpen(step, effect.mergeRequestId, result);
  return 'applied';
}

/** Not merged, as far as is known: it is looked at before it is tried again. */
function backToOpen(
  step: Step,
  mergeRequestId: string,
  result: StatementOf<MessageFact, 'effect_result'>['result'],
): void {
  const mr = step.draft.get('mergeRequest', mergeRequestId);
  if (mr?.stage !== 'merging' || mr.pullRequest === undefined) return;
  const [blocker] = mr.pullRequest.blockers;
  const why = result.ok ? (blocker?.detail ?? 'it took too long') : result.message;
  enterStage(step, mr, 'open', `it was not merged: ${why}`);
}
