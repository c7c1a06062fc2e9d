import { containerGone, stopTask } from '../acts/container.ts';
import { NO_CAPACITY, retryPolicy } from '../effects.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import { applyForgeResult } from './forge-result.ts';
import type { MessageFact } from './message.ts';

/** A worker tried an effect. */
export const applyEffectResult: ApplyFact<StatementOf<MessageFact, 'effect_result'>> = (step, fact) => {
  const { draft, now } = step;
  const row = draft.outbox.get(fact.key);
  if (row === undefined) return 'stale';
  const { effect } = row;
  const { container } = draft;
  if (!('epoch' in effect) && effect.type !== 'export_town' && effect.type !== 'purge_town')
    return applyForgeResult(step, row, effect, fact);
  if (fact.result.ok) {
    draft.dropOutbox(row.key);
    if (!('epoch' in effect)) return 'applied';
    if (effect.epoch !== container.epoch) return 'stale';
    if (effect.type === 'stop_task') containerGone(step, effect.reason);
    else draft.setContainer({ ...container, taskArn: fact.result.taskArn, refused: undefined });
    return 'applied';
  }
  const isAnswered = row.failedAt !== undefined && row.failedAt >= row.sentAt;
  if (fact.attempt !== row.attempt || isAnswered) return 'stale';
  const { code, message, retry } = fact.result;
  const isExhausted = retry === 'never' || row.attempt >= retryPolicy(effect).limit;
  draft.setOutbox({
    ...row,
    failedAt: now,
    lastError: { code, message },
    ...(isExhausted ? { exhaustedAt: now } : {}),
  });
  const isRefused = code === NO_CAPACITY;
  // A container that has synced runs, whatever a repeated RunTask says.
  if (!(isExhausted || isRefused) || effect.type !== 'run_task') return 'applied';
  if (container.state === 'starting' && container.epoch === effect.epoch) {
    const reason = `the task could not be started: ${message}`;
    const subject = { kind: 'container', id: `${container.epoch}` } as const;
    const to = isRefused ? 'stopping' : 'lost';
    // A task of an earlier try may be there: as always it is known to be gone before the next one starts.
    stopTask(step, to, step.decide({ subject, from: container.state, to, reason }));
    if (isRefused) {
      const refused = { times: (container.refused?.times ?? 0) + 1, at: now };
      // What never ran costs nothing.
      draft.setContainer({ ...draft.container, startedAt: undefined, refused });
    }
  }
  return 'applied';
};
