import { uuidv7 } from 'uuidv7';
import { Superseded } from '../../core/errors.ts';
import type { InboxStatement } from '../../core/facts/inbox.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import type { AgentClaims, Now, TownQueue, TownStore } from '../../core/ports.ts';
import type { StatementAccepted } from '../../core/protocol/agent-api.ts';

export interface AgentToolDeps {
  readonly store: Pick<
    TownStore,
    'record' | 'body' | 'container' | 'addInbox' | 'archived' | 'head' | 'live'
  >;
  readonly towns: TownQueue;
  readonly now: Now;
}

/** What an agent says is checked against what it is: a superseded epoch or attempt is refused where it would be written. */
export async function current({ store }: AgentToolDeps, claims: AgentClaims) {
  const [agent, stored] = await Promise.all([
    store.record(claims.townId, 'agent', claims.agentId),
    store.container(claims.townId),
  ]);
  // The mayor has no work item: it is at work while it has a session.
  const isOnIt =
    claims.work.kind === 'town'
      ? agent?.role === 'mayor' && agent.status !== 'idle'
      : agent?.hook?.id === claims.work.id;
  const isCurrent = isOnIt && agent?.attempt === claims.attempt && stored?.container.epoch === claims.epoch;
  if (agent === undefined || !isCurrent) {
    throw new Superseded(
      'This work was given to somebody else or is finished. Stop: nothing you do counts any more.',
    );
  }
  return agent;
}

export async function state(
  { store, towns, now }: AgentToolDeps,
  townId: string,
  statement: InboxStatement,
  message: string,
  inboxId = uuidv7(),
): Promise<StatementAccepted> {
  await store.addInbox(townId, { id: inboxId, at: now(), statement });
  await towns.send({ v: MESSAGE_VERSION, townId });
  return { inboxId, message };
}
