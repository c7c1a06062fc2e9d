import { stopTask } from '../acts/container.ts';
import { retryDelayMs, retryPolicy } from '../effects.ts';
import { ALL_LIFECYCLES, type Rule } from './rule.ts';

/** An effect without an answer, or that failed, is asked for again; past its limit it is shown to people. */
export const outboxRetry: Rule = {
  name: 'outbox/retry',
  lifecycles: ALL_LIFECYCLES,
  run(step) {
    const { draft, now } = step;
    for (const row of draft.outbox.values()) {
      const subject = { kind: 'effect', id: row.key } as const;
      const { limit, answerTimeoutMs } = retryPolicy(row.effect);
      const why = row.lastError === undefined ? '' : `; last error: ${row.lastError.message}`;
      if (row.exhaustedAt !== undefined) {
        const reason = `gave up after ${row.attempt} tries${why}`;
        step.waiting(row.exhaustedAt, {
          subject,
          state: 'needs_attention',
          waitingOn: 'a person',
          reason,
          who: 'human',
        });
        continue;
      }
      const failedAt = row.failedAt !== undefined && row.failedAt >= row.sentAt ? row.failedAt : undefined;
      const delayMs = failedAt === undefined ? answerTimeoutMs : retryDelayMs(row.attempt);
      const reason = `try ${row.attempt} of ${limit} of ${row.effect.type}${why}`;
      const wait = { subject, state: 'waiting', waitingOn: 'the effect', reason, who: 'platform' } as const;
      if (!step.passed(failedAt ?? row.sentAt, delayMs, wait)) continue;
      if (row.attempt >= limit) {
        const decision = step.decide({
          subject,
          to: 'exhausted',
          reason: `no answer after ${limit} tries${why}`,
        });
        draft.setOutbox({ ...row, exhaustedAt: now });
        if (row.effect.type === 'run_task' && draft.container.state === 'starting')
          stopTask(step, 'lost', decision);
        continue;
      }
      const attempt = row.attempt + 1;
      step.decide({ subject, reason: `asked for again, try ${attempt}${why}` });
      draft.setOutbox({ ...row, attempt, sentAt: now });
      step.send({ key: row.key, attempt, at: now });
    }
  },
};
