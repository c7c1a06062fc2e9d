import type { InboxStatement } from '../../../core/facts/inbox.ts';
import type { Town } from '../../../core/town/town.ts';

/** The live town is read at every step, and an agent hears one message after the other. */
export const MOST_UNHEARD = 20;

const isFor = (statement: InboxStatement, id: string): boolean =>
  statement.type === 'agent_nudged'
    ? statement.agentId === id
    : statement.type === 'agent_mailed' && statement.to === id;

/** What was said to an agent and not delivered yet, also what the town has not taken up. */
export const unheardBy = ({ live, inbox }: Town, agentId: string): number =>
  [...live.mail.values()].filter((mail) => mail.agentId === agentId).length +
  inbox.filter(({ statement }) => isFor(statement, agentId)).length;
