import type { Step } from '../step.ts';
import type { Severity } from '../town/escalation.ts';
import type { Mail } from '../town/mail.ts';
import { mayorMail, theMayor } from './mayor.ts';
import { say } from './say.ts';

/** Messages of the town that wait for the mayor at most: a mayor that nobody talks to does not get to hear of everything. */
const MOST_WAITING = 20;

/**
 * The town tells its mayor what people would want to know.
 * @param mode `queue`: with whatever it is told next, which costs nothing; `wait-idle`: at once, for which a session is started
 */
export function tellMayor(step: Step, text: string, mode: NonNullable<Mail['mode']>): void {
  const mayor = theMayor(step);
  const waiting = mayorMail(step.draft, mayor).filter((mail) => mail.mode === 'queue');
  if (waiting.length >= MOST_WAITING) return;
  say(step, mayor, { id: step.ids.next(), text: `The town tells you: ${text}`, mode });
}

/** For what is urgent a session of the mayor is started, which costs money; the rest is said when it is told something anyway. */
export const urgencyOf = (severity: Severity): 'wait-idle' | 'queue' =>
  severity === 'high' || severity === 'critical' ? 'wait-idle' : 'queue';

/** Items that it writes: the message, and the mayor when there was none. */
export const TELL_COST = 2;
