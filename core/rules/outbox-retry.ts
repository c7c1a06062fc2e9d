import { stopTask } from '../acts/container.ts';
import { retryDelayMs, retryPolicy } from '../effects.ts';
import { minutes } from '../town/instant.ts';
import { ALL_LIFECYCLES, type Rule, type RuleAbout } from './rule.ts';

/** Nothing waits for an export that failed, and a new one can be asked for: it is shown for a day. */
const FAILED_EXPORT_KEPT_MS = minutes(24 * 60);

/** Items that giving an effect up writes: its row, the container, and the effect that stops it. */
const GIVE_UP_COST = 4;

export const about: RuleAbout = {
  when: 'an effect is asked for',
  guards: [
    'it has not been given up (a failed export is shown for a day)',
    'its answer is overdue, or the pause after a failure is over',
    'tries are left (else it is given up, and people see it)',
  ],
  decides: ['it is asked for again'],
  deadline: '1 min without an answer (16 min for moves of towns); 2, 4, 8 … 60 s after a failure',
  reference: ['2.3 step 10', 'decision 8'],
};

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
        const attention = { state: 'needs_attention', waitingOn: 'a person', who: 'human' } as const;
        if (row.effect.type !== 'export_town') {
          step.waiting(row.exhaustedAt, { subject, reason, ...attention });
        } else if (
          step.passed(row.exhaustedAt, FAILED_EXPORT_KEPT_MS, { subject, reason, ...attention }) &&
          step.hasRoom(1)
        ) {
          step.decide({ subject, to: 'forgotten', reason: 'the failed export was shown for a day' });
          draft.dropOutbox(row.key);
        }
        continue;
      }
      const failedAt = row.failedAt !== undefined && row.failedAt >= row.sentAt ? row.failedAt : undefined;
      const delayMs = failedAt === undefined ? answerTimeoutMs : retryDelayMs(row.attempt);
      const reason = `try ${row.attempt} of ${limit} of ${row.effect.type}${why}`;
      const wait = { subject, state: 'waiting', waitingOn: 'the effect', reason, who: 'platform' } as const;
      if (!step.passed(failedAt ?? row.sentAt, delayMs, wait) || !step.hasRoom(GIVE_UP_COST)) continue;
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
