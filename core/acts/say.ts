import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import type { Mail } from '../town/mail.ts';
import { nextHearing } from './mayor.ts';

/**
 * Something to be said to an agent in its session; to the mayor, in its next one if it has none.
 * @returns false when it cannot hear it, or is to hear it already
 */
export function say(
  { draft, now }: Step,
  to: Agent,
  what: Pick<Mail, 'id' | 'text' | 'mode' | 'isUrgent' | 'expiresAt'>,
): boolean {
  const isDeaf = to.status === 'idle' && to.role !== 'mayor';
  if (isDeaf || draft.get('mail', what.id) !== undefined) return false;
  const times = { createdAt: now, updatedAt: now };
  draft.put('mail', { ...what, rev: 0, agentId: to.id, attempt: nextHearing(to), ...times });
  return true;
}
