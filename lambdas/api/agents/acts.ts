import { uuidv7 } from 'uuidv7';
import { Conflict } from '../../../core/errors.ts';
import type { InboxStatement } from '../../../core/facts/inbox.ts';
import type { MessageMode } from '../../../core/protocol/sync.ts';
import type { Agent } from '../../../core/town/agent.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { liveRecord, openTown, tell } from '../statements.ts';
import { MOST_UNHEARD, unheardBy } from './unheard.ts';

/** Says something of an agent at work; the town does it later. */
async function tellOf(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  agentId: string,
  statement: InboxStatement,
): Promise<Agent> {
  const town = await openTown(deps, caller, townId);
  const agent = await liveRecord(deps, town, 'agent', agentId);
  if (agent.status === 'idle') throw new Conflict(`${agent.name} is idle: it has no session.`);
  if (statement.type === 'agent_nudged' && unheardBy(town, agentId) >= MOST_UNHEARD) {
    throw new Conflict(
      `${agent.name} has not heard ${MOST_UNHEARD} messages yet. Wait, or stop or reset the agent.`,
    );
  }
  await tell(deps, townId, statement);
  return agent;
}

/** Ends the session; its bead is held until somebody starts it. */
export const stopAgent = (deps: TownDeps, caller: Caller, townId: string, agentId: string): Promise<Agent> =>
  tellOf(deps, caller, townId, agentId, { type: 'agent_stopped', agentId, by: caller.id });

/** Ends the session; its work starts again at once, with a fresh count of attempts. */
export const resetAgent = (deps: TownDeps, caller: Caller, townId: string, agentId: string): Promise<Agent> =>
  tellOf(deps, caller, townId, agentId, { type: 'agent_reset', agentId, by: caller.id });

/** Says something to the agent in its session. */
export const nudgeAgent = (
  deps: TownDeps,
  caller: Caller,
  townId: string,
  agentId: string,
  { message: text, mode }: { message: string; mode: MessageMode },
): Promise<Agent> =>
  tellOf(deps, caller, townId, agentId, {
    type: 'agent_nudged',
    agentId,
    messageId: uuidv7(),
    text,
    mode,
    by: caller.id,
  });
