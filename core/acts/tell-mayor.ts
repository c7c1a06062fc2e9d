import type { Step } from '../step.ts';
import type { Severity } from '../town/escalation.ts';
import type { Mail } from '../town/mail.ts';
import { mayorMail, nextHearing, theMayor } from './mayor.ts';

/** Messages of the town that wait for the mayor at most: a mayor that nobody talks to does not get to hear of everything. */
const MOST_WAITING = 20;

/**
 * The town tells its mayor what people would want to know.
 * @param mode `queue`: with whatever it is told next, which costs nothing; `wait-idle`: at once, for which a session is started
 */
export function tellMayor(step: Step, text: string, mode: NonNullable<Mail['mode']>): void {
  const { draft, now } = step;
  const mayor = theMayor(step);
  const waiting = mayorMail(draft, mayor).filter((mail) => mail.mode === 'queue');
  if (waiting.length >= MOST_WAITING) return;
  draft.put('mail', {
    id: step.ids.next(),
    rev: 0,
    agentId: mayor.id,
    attempt: nextHearing(mayor),
    text: `The town tells you: ${text}`,
    mode,
    createdAt: now,
    updatedAt: now,
  });
}

/** For what is urgent a session of the mayor is started, which costs money; the rest is said when it is told something anyway. */
export const urgencyOf = (severity: Severity): 'wait-idle' | 'queue' =>
  severity === 'high' || severity === 'critical' ? 'wait-idle' : 'queue';

/** Items that it writes: the message, and the mayor when there was none. */
export const TELL_COST = 2;
