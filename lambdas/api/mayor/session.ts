import { mayorIdOf } from '../../../core/acts/mayor.ts';
import type { Agent } from '../../../core/town/agent.ts';
import type { Town } from '../../../core/town/town.ts';

/** `active`: somebody can talk to it now. `starting`: soon. `idle`: it has no session, and gets none by itself. */
export const sessionStatuses = ['active', 'idle', 'starting'] as const;
export type SessionStatus = (typeof sessionStatuses)[number];

/** Undefined before somebody first asked for it. */
export const mayorIn = ({ live }: Town): Agent | undefined =>
  [...live.agent.values()].find(({ role }) => role === 'mayor');

/** Also of a mayor that is yet to be made. */
export const mayorAgentId = (town: Town): string => mayorIn(town)?.id ?? mayorIdOf(town.head);

/** Has the running container reported this session, and that it lives? */
function isAlive({ container, observed }: Town, { id, attempt }: Agent): boolean {
  if (container.state !== 'running' || observed?.epoch !== container.epoch) return false;
  const report = observed.agents.find((one) => one.agentId === id && one.attempt === attempt);
  return report?.state === 'working' || report?.state === 'idle';
}

export function sessionStatus(town: Town, mayor: Agent | undefined): SessionStatus {
  if (mayor === undefined || mayor.status === 'idle') return 'idle';
  return isAlive(town, mayor) ? 'active' : 'starting';
}

/** Messages that wait for an answer. */
export function unanswered(town: Town): number {
  const agentId = mayorIn(town)?.id;
  return [...town.live.mail.values()].filter((mail) => mail.agentId === agentId).length;
}
