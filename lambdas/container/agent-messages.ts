import { Conflict, NotFound } from '../../core/errors.ts';
import { mayorIdOf } from '../../core/acts/mayor.ts';
import type { Ids } from '../../core/ids.ts';
import type { AgentClaims } from '../../core/ports.ts';
import type {
  MailReadRequest,
  MailRequest,
  NudgeRequest,
  StatementAccepted,
} from '../../core/protocol/agent-api.ts';
import { fence } from '../../core/prompts/fence.ts';
import type { Agent } from '../../core/town/agent.ts';
import type { Town } from '../../core/town/town.ts';
import { unheardBy, MOST_UNHEARD } from '../api/agents/unheard.ts';
import { current, state, type AgentToolDeps } from './agent-statements.ts';

/** Writes to another agent of the town, or to the mayor. The same call again is the same mail: its id is the call's. */
export async function sendMail(
  deps: AgentToolDeps,
  claims: AgentClaims,
  { to, subject, body }: MailRequest,
  ids: Ids,
): Promise<StatementAccepted> {
  const { sender, toAgentId } = await conversation(deps, claims, to);
  const { agentId, attempt, townId } = claims;
  const text = quoted(sender, 'mail', `${subject}\n\n${body}`);
  const messageId = ids.next();
  const statement = { type: 'agent_mailed', agentId, attempt, to: toAgentId, messageId, text } as const;
  const message = 'Sent. It is read when its reader has a moment; do not wait for an answer.';
  return state(deps, townId, statement, message, ids.next());
}

/** Says something into the session of an agent at work. */
export async function nudge(
  deps: AgentToolDeps,
  claims: AgentClaims,
  { to, message, mode = 'wait-idle', priority, ttlSeconds }: NudgeRequest,
  ids: Ids,
): Promise<StatementAccepted> {
  const { sender, toAgentId, isAtWork } = await conversation(deps, claims, to);
  if (!isAtWork) throw new Conflict('The mayor has no session just now: send it mail, or escalate.');
  const { agentId, attempt, townId } = claims;
  const statement = {
    type: 'agent_nudged',
    agentId: toAgentId,
    messageId: ids.next(),
    text: quoted(sender, 'message', message),
    mode,
    by: sender.name,
    from: { agentId, attempt },
    ...(priority === 'urgent' ? { isUrgent: true } : {}),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  } as const;
  return state(deps, townId, statement, 'It is told as you said.', ids.next());
}

/** What was written to the agent and not said to it yet, oldest first. */
export async function inboxOf(deps: AgentToolDeps, claims: AgentClaims) {
  await current(deps, claims);
  const town = await liveTown(deps, claims);
  const mine = [...town.live.mail.values()].filter(
    ({ agentId, attempt }) => agentId === claims.agentId && attempt === claims.attempt,
  );
  return {
    items: mine
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, createdAt, text }) => ({ id, at: new Date(createdAt).toISOString(), text })),
  };
}

/** It has read them: they are not said to it again. */
export async function readMail(
  deps: AgentToolDeps,
  claims: AgentClaims,
  { ids: messageIds }: MailReadRequest,
  ids: Ids,
): Promise<StatementAccepted> {
  await current(deps, claims);
  const { agentId, attempt, townId } = claims;
  const statement = { type: 'agent_mail_read', agentId, attempt, messageIds } as const;
  return state(deps, townId, statement, 'Read.', ids.next());
}

/** What an agent says is no instruction of the town: it is fenced, and the prompt of every role says what that means. */
const quoted = ({ name, role, id }: Agent, what: 'mail' | 'message', text: string): string =>
  fence(`A ${what} of the agent ${name} (${role}, ${id})`, text);

/** Both sides. @throws NotFound, Conflict with what to do when the other one cannot be told */
async function conversation(
  deps: AgentToolDeps,
  claims: AgentClaims,
  to: string,
): Promise<{ sender: Agent; toAgentId: string; isAtWork: boolean }> {
  const sender = await current(deps, claims);
  const town = await liveTown(deps, claims);
  const found = recipientIn(town, to, sender);
  const mayorId = mayorIdOf(town.head);
  const toAgentId = found?.id ?? mayorId;
  if (toAgentId === sender.id) throw new Conflict('That is yourself.');
  const isAtWork = found !== undefined && found.status !== 'idle';
  if (!isAtWork && toAgentId !== mayorId) {
    throw new Conflict(`${found?.name ?? to} is idle and hears nothing. Write to the mayor, or escalate.`);
  }
  if (unheardBy(town, toAgentId) >= MOST_UNHEARD) {
    throw new Conflict(
      `${found?.name ?? to} has not heard ${MOST_UNHEARD} messages yet. Say it later, or not.`,
    );
  }
  return { sender, toAgentId, isAtWork };
}

/** By id; by name, first of those at work and of the sender's own rig. Undefined: the mayor, whom nobody has asked for yet. */
function recipientIn({ head, live }: Town, to: string, sender: Agent): Agent | undefined {
  const agents = [...live.agent.values()];
  const byId = live.agent.get(to);
  if (byId !== undefined) return byId;
  const name = to.toLowerCase();
  const rankOf = ({ status, rigId }: Agent): number =>
    (status === 'idle' ? 2 : 0) + (rigId === sender.rigId ? 0 : 1);
  const [first] = agents
    .filter((agent) => agent.name.toLowerCase() === name)
    .toSorted((a, b) => rankOf(a) - rankOf(b));
  if (first === undefined && name !== 'mayor' && to !== mayorIdOf(head)) {
    throw new NotFound(`There is no agent ${to} in this town.`);
  }
  return first;
}

async function liveTown({ store }: AgentToolDeps, { townId }: AgentClaims): Promise<Town> {
  const town = await store.live(townId);
  if (town === undefined) throw new NotFound('The town is gone.');
  return town;
}
