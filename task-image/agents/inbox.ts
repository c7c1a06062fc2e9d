import { mayorMessage } from '../../core/prompts/mayor.ts';
import type { AgentReport, AgentSpec } from '../../core/protocol/sync.ts';
import type { AgentSession } from './session.ts';

type Message = AgentSpec['messages'][number];
type Reply = NonNullable<AgentReport['replies']>[number];

/** Ids that one report can hold (core/protocol/sync.ts). */
const MOST_DELIVERED = 50;
/**
 * Replies that one report can hold, and bytes of each as JSON: the whole report of a container has at most 100 KiB, and one that
 * is refused ends the container.
 */
const MOST_REPLIES = 5;
const MOST_REPLY_BYTES = 8192;
/** A person who asked something is to hear that the turn is over. */
const NO_WORDS = '(The mayor ended its turn without a word.)';

/** What an agent is told while it works: each message once, when its mode says so. */
export interface AgentInbox {
  /** All that is to be said: what is not among it any more and was not said yet is not said. Safe to call with the same again. */
  deliver(messages: readonly Message[]): void;
  delivered(): string[];
  /** The mayor's last answers; none for others. */
  replies(): Reply[];
}

export interface InboxOptions {
  readonly session: AgentSession;
  /** A mayor answers: a message is delivered when the turn on it has ended well. Others are told, and that is all. */
  readonly isMayor: boolean;
  /** A turn on this message begins. */
  readonly onTurn: (messageId: string) => Promise<void>;
  readonly onChange: () => void;
}

/** `wait-idle`: a turn of its own. `immediate`: said into the running turn. `queue`: with the next thing that is told. */
export function createAgentInbox({ session, isMayor, onTurn, onChange }: InboxOptions): AgentInbox {
  const taken = new Set<string>();
  const delivered: string[] = [];
  const replies: Reply[] = [];
  let queued: Message[] = [];
  let wanted: ReadonlySet<string> = new Set();

  const answered = (text: string): void => {
    // Grows over restarts of the session in one container, so that no answer is taken for an old one.
    const sequence = Math.max((replies.at(-1)?.sequence ?? 0) + 1, Date.now());
    replies.push({ sequence, text: shortened(text.trim() || NO_WORDS), at: new Date().toISOString() });
    replies.splice(0, replies.length - MOST_REPLIES);
  };
  const tell = async (message: Message): Promise<void> => {
    const together = [...queued, message];
    queued = [];
    const ids = together.map(({ messageId }) => messageId);
    const text = together.map(isMayor ? mayorMessage : ({ text: plain }) => plain).join('\n\n');
    const deliveredNow = (): void => void delivered.push(...ids);
    if (message.mode === 'immediate' && session.isInTurn()) {
      await session.interject(text);
      deliveredNow();
    } else if (isMayor) {
      await session.ask(text, {
        onBegin: () => onTurn(message.messageId),
        onAnswer(answer) {
          answered(answer);
          deliveredNow();
        },
      });
    } else {
      const isWanted = (): boolean => wanted.has(message.messageId);
      if (await session.prompt(text, isWanted)) deliveredNow();
      // The town may want it again, when there is room for it.
      else for (const id of ids) taken.delete(id);
    }
    onChange();
  };

  return {
    deliver(messages) {
      wanted = new Set(messages.map(({ messageId }) => messageId));
      for (const { messageId } of queued) if (!wanted.has(messageId)) taken.delete(messageId);
      queued = queued.filter(({ messageId }) => wanted.has(messageId));
      for (const message of messages) {
        if (taken.has(message.messageId)) continue;
        taken.add(message.messageId);
        if (message.mode === 'queue') queued.push(message);
        // If the session has ended its state says why, and the message stays undelivered.
        else void tell(message).catch(() => {});
      }
    },
    delivered: () => delivered.slice(-MOST_DELIVERED),
    replies: () => [...replies],
  };
}

const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text));

/** Cut so that no character is broken in two. */
function shortened(text: string): string {
  if (bytesOf(text) <= MOST_REPLY_BYTES) return text;
  let room = MOST_REPLY_BYTES - bytesOf('…');
  let kept = '';
  for (const character of text) {
    room -= bytesOf(character) - bytesOf('');
    if (room < 0) break;
    kept += character;
  }
  return `${kept}…`;
}
