import type { TownStore } from '../../core/ports.ts';
import type { AgentWork } from '../../core/protocol/sync.ts';

type ChatWork = Extract<AgentWork, { kind: 'chat' }>;

/** Messages of the chat that a new session of the mayor is told, and characters of each. */
const TOLD_MESSAGES = 20;
const TOLD_CHARS = 2000;

/** What a new session of the mayor knows from the start. One that runs knows it already. */
export async function chatOf(
  store: Pick<TownStore, 'live' | 'history'>,
  townId: string,
  isStarted: boolean,
): Promise<ChatWork> {
  const town = isStarted ? undefined : await store.live(townId);
  if (town === undefined) return { kind: 'chat', townName: '', rigs: [] };
  const entries = await store.history(townId, 'chat', { limit: TOLD_MESSAGES, isNewestFirst: true });
  return {
    kind: 'chat',
    townName: town.head.name,
    rigs: [...town.live.rig.values()].map(({ id: rigId, name, defaultBranch }) => ({
      rigId,
      name,
      defaultBranch,
    })),
    history: entries
      // What waits for an answer is said in a turn of its own.
      .filter(({ id }) => !town.live.mail.has(id))
      .reverse()
      .map(({ from, text }) => ({ from, text: beginningOf(text) })),
  };
}

const beginningOf = (text: string): string =>
  text.length <= TOLD_CHARS ? text : `${text.slice(0, TOLD_CHARS)}…`;
