import type { Draft } from '../draft.ts';
import { createIds } from '../ids.ts';
import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import type { Head } from '../town/head.ts';
import type { Mail } from '../town/mail.ts';
import { release, type SessionEnd } from './agents.ts';

/** The id of a town's mayor is known before the mayor is made: whoever asks for it first can be told. */
export const mayorIdOf = ({ id, createdAt }: Pick<Head, 'id' | 'createdAt'>): string =>
  createIds(`mayor of ${id}`, createdAt).next();

/** Undefined before somebody first asked for it. */
export const mayorOf = (draft: Draft): Agent | undefined =>
  draft.all('agent').find(({ role }) => role === 'mayor');

/** The town's mayor; made when somebody first asks for it. */
export function theMayor(step: Step): Agent {
  const { draft, now } = step;
  return (
    mayorOf(draft) ??
    draft.put('agent', {
      id: mayorIdOf(draft.base.head),
      rev: 0,
      role: 'mayor',
      name: 'mayor',
      rigId: '',
      status: 'idle',
      attempt: 0,
      createdAt: now,
      updatedAt: now,
    })
  );
}

/** What the mayor has not answered, the oldest first. */
export const mayorMail = (draft: Draft, mayor: Agent): Mail[] =>
  draft
    .all('mail')
    .filter(({ agentId }) => agentId === mayor.id)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** The first session that can hear of what is written now. */
export const nextHearing = ({ status, attempt }: Agent): number =>
  status === 'idle' ? attempt + 1 : attempt;

/** The mayor's session broke. The next one waits, longer each time; what was written to it is said again. */
export function loseMayor(
  step: Step,
  mayor: Agent,
  { outcome, reason }: { outcome: SessionEnd['outcome']; reason: string },
): void {
  const { draft, now } = step;
  release(step, mayor.id, { outcome, reason });
  step.decide({ subject: { kind: 'agent', id: mayor.id }, from: mayor.status, to: 'idle', reason });
  const failures = (mayor.failures ?? 0) + 1;
  const released = draft.get('agent', mayor.id) ?? mayor;
  draft.put('agent', { ...released, failures, lastFailedAt: now, lastProblem: reason.slice(0, 500) });
}
