import * as z from 'zod';
import type { Usage } from '../../core/protocol/sync.ts';

/** What an event of the agent server means to the driver of one session. */
export type SessionEvent =
  /** The session's turn has begun. */
  | { kind: 'busy' }
  /** The session's turn has ended. */
  | { kind: 'idle' }
  /** The turn met an error; it may still recover. */
  | { kind: 'error'; message: string }
  /** The model endpoint is gone, or broke off. Kilo waits until somebody says "try again" to this request. */
  | { kind: 'offline'; requestId: string; message: string }
  | MessageEvent
  /** A tool call ended well. */
  | { kind: 'toolResult'; callId: string; tool: string; output: string }
  /** A question to a person, who is not there. */
  | { kind: 'permissionAsked'; requestId: string }
  | { kind: 'questionAsked'; requestId: string }
  /** Anything else that shows life. */
  | { kind: 'activity' };

/** An assistant message as it stands now. `isComplete` is true when it ended without an error. */
export type MessageEvent = { kind: 'message'; messageId: string; usage: Usage; isComplete: boolean };

/** The server is newer than its SDK's types, and sends more than they say: events are parsed, and loosely. */
const inSession = z.looseObject({ sessionID: z.string() });
const asked = z.looseObject({ id: z.string() });
const count = z.number().nonnegative().catch(0);

const assistantMessage = z.looseObject({
  role: z.literal('assistant'),
  id: z.string(),
  cost: count,
  tokens: z.looseObject({
    input: count,
    output: count,
    reasoning: count,
    cache: z.looseObject({ read: count, write: count }),
  }),
  time: z.looseObject({ completed: z.number().optional() }),
  error: z.unknown().optional(),
});

const completedTool = z.looseObject({
  type: z.literal('tool'),
  callID: z.string(),
  tool: z.string(),
  state: z.looseObject({ status: z.literal('completed'), output: z.string() }),
});

const sessionEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('session.turn.open'), properties: inSession }),
  z.looseObject({
    type: z.literal('session.status'),
    properties: inSession.extend({ status: z.looseObject({ type: z.string() }) }),
  }),
  z.looseObject({ type: z.literal('session.idle'), properties: inSession }),
  z.looseObject({
    type: z.literal('session.error'),
    properties: inSession.extend({ error: z.unknown().optional() }),
  }),
  z.looseObject({
    type: z.literal('session.network.asked'),
    properties: inSession.extend({ id: z.string(), message: z.string() }),
  }),
  z.looseObject({
    type: z.literal('message.updated'),
    properties: z.looseObject({ info: assistantMessage }),
  }),
  z.looseObject({
    type: z.literal('message.part.updated'),
    properties: z.looseObject({ part: completedTool }),
  }),
  z.looseObject({ type: z.literal('permission.asked'), properties: asked }),
  z.looseObject({ type: z.literal('question.asked'), properties: asked }),
]);

const anySessionEvent = z.looseObject({ properties: inSession });

/**
 * Reads one event. Sub-agents run in sessions of their own on the same server: what they spend and ask counts, but only
 * `sessionId` begins and ends turns. Undefined for an event that is about no session, like a heartbeat.
 */
export function readEvent(raw: unknown, sessionId: string): SessionEvent | undefined {
  const parsed = sessionEvent.safeParse(raw);
  if (!parsed.success) return anySessionEvent.safeParse(raw).success ? { kind: 'activity' } : undefined;
  const event = parsed.data;
  switch (event.type) {
    case 'message.updated':
      return toMessageEvent(event.properties.info);
    case 'message.part.updated': {
      const { callID, tool, state } = event.properties.part;
      return { kind: 'toolResult', callId: callID, tool, output: state.output };
    }
    case 'permission.asked':
      return { kind: 'permissionAsked', requestId: event.properties.id };
    case 'question.asked':
      return { kind: 'questionAsked', requestId: event.properties.id };
    case 'session.network.asked':
      return { kind: 'offline', requestId: event.properties.id, message: event.properties.message };
    default:
  }
  if (event.properties.sessionID !== sessionId) return { kind: 'activity' };
  switch (event.type) {
    case 'session.turn.open':
      return { kind: 'busy' };
    case 'session.idle':
      return { kind: 'idle' };
    case 'session.error':
      return { kind: 'error', message: errorText(event.properties.error) };
    case 'session.status':
      // An idle status is followed by `session.idle` when the turn is really over.
      return event.properties.status.type === 'busy' ? { kind: 'busy' } : { kind: 'activity' };
  }
}

/** A message from a session's history; undefined unless it is the assistant's. */
export function readMessage(info: unknown): (MessageEvent & { error?: string }) | undefined {
  const { data } = assistantMessage.safeParse(info);
  if (data === undefined) return undefined;
  return { ...toMessageEvent(data), ...(data.error === undefined ? {} : { error: errorText(data.error) }) };
}

function toMessageEvent(message: z.infer<typeof assistantMessage>): MessageEvent {
  const { tokens } = message;
  return {
    kind: 'message',
    messageId: message.id,
    usage: {
      inputTokens: tokens.input + tokens.cache.read + tokens.cache.write,
      outputTokens: tokens.output + tokens.reasoning,
      costUsd: message.cost,
    },
    isComplete: message.time.completed !== undefined && message.error === undefined,
  };
}

const kiloError = z.looseObject({
  name: z.string().optional(),
  message: z.string().optional(),
  data: z.looseObject({ message: z.string().optional() }).optional(),
});

/** Kilo's errors are `{name, data: {message?}}`, in events and inside answers with status 200 alike. */
export function errorText(error: unknown): string {
  if (typeof error === 'string') return error;
  if (error instanceof Error) return error.message;
  const { name, message, data } = kiloError.safeParse(error).data ?? {};
  return [name, data?.message ?? message].filter((part) => part !== undefined).join(': ') || 'unknown error';
}
