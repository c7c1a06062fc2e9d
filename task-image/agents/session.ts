import { setTimeout as delay } from 'node:timers/promises';
import { createKiloClient } from '@kilocode/sdk/v2/client';
import type { Usage } from '../../core/protocol/sync.ts';
import { openEventStream } from './event-stream.ts';
import type { AgentServer } from './kilo-server.ts';
import { readAnswer } from './session-answer.ts';
import { errorText, readEvent, readMessage } from './session-events.ts';
import { createUsageLedger } from './usage-ledger.ts';

const TURN_SILENCE_TIMEOUT_MS = 15 * 60_000;
const REQUEST_TIMEOUT_MS = 30_000;
const ABORT_TIMEOUT_MS = 5_000;
/** Waits before an endpoint that could not be reached is tried again. */
const TRY_AGAIN_DELAYS_MS: readonly number[] = [500, 2_000];
const LOST_GRACE_MS = 2_500;
/** A turn that follows another begins within milliseconds. */
const FOLLOW_LIMIT_MS = 2_000;

export type SessionState = {
  /** `idle`: no turn is running. `failed`: it broke, or lost its server; final. `exited`: closed; final. */
  phase: 'starting' | 'working' | 'idle' | 'exited' | 'failed';
  /** When a turn last began or ended; ISO-8601. */
  lastTurnAt?: string;
  /** When anything last happened in it; ISO-8601. */
  lastEventAt?: string;
  usage: Usage;
  reason?: string;
};

export type AgentSessionOptions = {
  server: AgentServer;
  /** The agent's worktree. */
  directory: string;
  title: string;
  model: { providerID: string; modelID: string };
  /** Said with every turn; Kilo's own instructions come first. */
  systemPrompt: string;
  /** Called when the phase changes or a turn begins or ends; not each time that usage grows. */
  onChange: (state: SessionState) => void;
  /** Called once for each tool call that ended well. */
  onToolResult?: (tool: string, output: string) => void;
  /** A turn without any sign of life for so long is aborted, and the session has failed. @default 15 minutes */
  turnSilenceTimeoutMs?: number;
  now?: () => Date;
};

export type AgentSession = {
  state(): SessionState;
  /**
   * Starts a turn with `text`, after the turns asked for earlier have ended. Resolves when the agent server has taken it
   * (not when the turn ends); rejects when the session ends first.
   * @param isWanted asked when its turn comes; false: it is not said, and false is the result
   */
  prompt(text: string, isWanted?: () => boolean): Promise<boolean>;
  /** As `prompt`, but resolves when the turn has ended well; `onAnswer` gets what the agent said, before the state is `idle`. */
  ask(text: string, on: { onBegin?: () => Promise<void>; onAnswer: (answer: string) => void }): Promise<void>;
  isInTurn(): boolean;
  /** Says `text` into the running turn: the agent hears it before its next step. Without a turn it is a prompt. */
  interject(text: string): Promise<boolean>;
  /** For a session that begins without a turn: it is idle from now on. */
  ready(): void;
  /** Aborts a running turn; the state becomes `exited` unless it failed before. Settles within 6 s. */
  close(reason: string): Promise<void>;
};

type Turn = {
  hasBegun: boolean;
  /** Turns of the server that follow, of what was said into this one. */
  toFollow: number;
  /** How often the model endpoint was tried again since something good happened. */
  triesAgain: number;
  /** Last error that nothing good followed. */
  error?: string;
  end: () => void;
};

type TurnRequest = {
  text: string;
  onBegin?: () => Promise<void>;
  /** The agent server has taken the text. */
  onTaken?: () => void;
  onAnswer?: (answer: string) => void;
};

/**
 * Creates a session on an agent server and drives it, a turn at a time.
 * @throws Error when the server does not answer in time or refuses.
 */
export async function createAgentSession(options: AgentSessionOptions): Promise<AgentSession> {
  const { server, model, systemPrompt } = options;
  const silenceMs = options.turnSilenceTimeoutMs ?? TURN_SILENCE_TIMEOUT_MS;
  const now = options.now ?? ((): Date => new Date());
  const client = createKiloClient({
    baseUrl: server.url,
    directory: options.directory,
    // An idle socket may be closed by the server just when a request is sent on it.
    headers: { authorization: server.authorization, connection: 'close' },
  });

  let state: SessionState = { phase: 'starting', usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 } };
  let turn: Turn | undefined;
  let silence: NodeJS.Timeout | undefined;
  const ledger = createUsageLedger();
  const toolCallsSeen = new Set<string>();

  const hasEnded = (): boolean => state.phase === 'exited' || state.phase === 'failed';
  const change = (next: Partial<SessionState>): void => {
    if (hasEnded()) return;
    state = { ...state, usage: ledger.total(), ...next };
    options.onChange(state);
  };
  const request = async <T>(
    call: (signal: AbortSignal) => Promise<{ data?: T; error?: unknown }>,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<T | undefined> => {
    const { data, error } = await call(AbortSignal.timeout(timeoutMs));
    if (error !== undefined) throw new Error(errorText(error));
    return data;
  };

  const created = await request((signal) => client.session.create({ title: options.title }, { signal }));
  if (created === undefined) throw new Error('the agent server gave no session');
  const sessionID = created.id;

  const abortTurn = (): Promise<unknown> =>
    request((signal) => client.session.abort({ sessionID }, { signal }), ABORT_TIMEOUT_MS).catch(() => {});

  const end = (phase: 'exited' | 'failed', reason: string): void => {
    clearTimeout(silence);
    const wasWorking = turn !== undefined;
    change({ phase, reason, ...(wasWorking ? { lastTurnAt: now().toISOString() } : {}) });
    stream.close();
    turn?.end();
  };
  const fail = (reason: string): void => {
    if (turn !== undefined) void abortTurn();
    end('failed', reason);
  };
  const watchForSilence = (): void => {
    clearTimeout(silence);
    if (!hasEnded()) state = { ...state, lastEventAt: now().toISOString() };
    if (turn !== undefined && !hasEnded()) {
      silence = setTimeout(() => fail(`nothing happened in a turn for ${silenceMs / 1000} s`), silenceMs);
    }
  };

  /** A connection that broke is worth another try; an endpoint that stays away is not. */
  const tryAgain = (requestID: string, problem: string): void => {
    const delayMs = TRY_AGAIN_DELAYS_MS[turn?.triesAgain ?? TRY_AGAIN_DELAYS_MS.length];
    if (turn === undefined || delayMs === undefined) {
      return fail(`the model endpoint cannot be reached: ${problem}`);
    }
    turn.triesAgain += 1;
    setTimeout(() => {
      if (hasEnded()) return;
      request((signal) => client.network.reply({ requestID }, { signal })).catch((error: unknown) =>
        fail(`the model endpoint cannot be reached: ${problem}; ${errorText(error)}`),
      );
    }, delayMs).unref();
  };

  const onEvent = (raw: unknown): void => {
    const event = readEvent(raw, sessionID);
    if (event === undefined || hasEnded()) return;
    watchForSilence();
    switch (event.kind) {
      case 'busy':
        if (turn !== undefined) turn.hasBegun = true;
        return;
      case 'idle':
        // Right after a prompt, the end of what came before it may still be on its way.
        if (turn?.hasBegun === true) endOrFollow(turn);
        return;
      case 'error':
        // Some errors, like an unknown model, come before anything else does.
        if (turn !== undefined) Object.assign(turn, { hasBegun: true, error: event.message });
        return;
      case 'offline':
        return tryAgain(event.requestId, event.message);
      case 'message':
        if (event.isComplete && turn !== undefined) {
          delete turn.error;
          turn.triesAgain = 0;
        }
        ledger.record(event.messageId, event.usage);
        return;
      case 'toolResult':
        if (toolCallsSeen.has(event.callId)) return;
        toolCallsSeen.add(event.callId);
        return options.onToolResult?.(event.tool, event.output);
      case 'permissionAsked':
        void client.permission.reply({ requestID: event.requestId, reply: 'reject' }).catch(() => {});
        return;
      case 'questionAsked':
        void client.question.reject({ requestID: event.requestId }).catch(() => {});
        return;
      case 'activity':
    }
  };

  /** After lost events, the server is asked how things stand. */
  const catchUp = async (): Promise<void> => {
    const messages = await request((signal) => client.session.messages({ sessionID }, { signal }));
    const answers = (messages ?? []).map(({ info }) => readMessage(info));
    for (const answer of answers) if (answer !== undefined) ledger.record(answer.messageId, answer.usage);
    const statuses = await request((signal) => client.session.status({}, { signal }));
    const last = answers.at(-1);
    const isIdle = (statuses?.[sessionID]?.type ?? 'idle') === 'idle';
    if (turn === undefined || last === undefined || !isIdle) return;
    if (last.error !== undefined) turn.error = last.error;
    turn.end();
  };

  const stream = await openEventStream({
    client,
    onEvent,
    onReconnected: () => void catchUp().catch((error: unknown) => fail(errorText(error))),
    // Mostly the server itself is ending, which says more; see below.
    onLost: (reason) => void Promise.race([server.exited, delay(LOST_GRACE_MS)]).then(() => fail(reason)),
  });
  void server.exited.then(({ code, signal }) =>
    fail(`the agent server ended (${signal ?? `code ${code}`}): ${server.outputTail().slice(-300)}`),
  );

  /** What was said into a turn ends it after its step, and begins another: to the agent's work they are one. */
  function endOrFollow(current: Turn): void {
    if (current.toFollow === 0) return current.end();
    current.toFollow -= 1;
    current.hasBegun = false;
    // The server may have heard two things in one go.
    setTimeout(() => {
      if (turn === current && !current.hasBegun) current.end();
    }, FOLLOW_LIMIT_MS).unref();
  }

  const send = (text: string): Promise<unknown> =>
    request((signal) =>
      client.session.promptAsync(
        { sessionID, model, agent: 'code', system: systemPrompt, parts: [{ type: 'text' as const, text }] },
        { signal },
      ),
    );

  /** What the agent said last since `sinceMs`, Unix time of this machine, on which the server runs, too. */
  const answerSince = async (sinceMs: number): Promise<string> =>
    readAnswer(await request((signal) => client.session.messages({ sessionID }, { signal })), sinceMs);

  const runTurn = async (ask: TurnRequest): Promise<void> => {
    if (hasEnded()) throw new Error(`the session has ended: ${state.reason ?? state.phase}`);
    const ended = new Promise<void>((resolve) => {
      turn = { hasBegun: false, toFollow: 0, triesAgain: 0, end: resolve };
    });
    const current = turn;
    const began = now();
    change({ phase: 'working', lastTurnAt: began.toISOString() });
    watchForSilence();
    try {
      await ask.onBegin?.();
      await send(ask.text);
    } catch (error) {
      fail(`the agent server refused a prompt: ${errorText(error)}`);
      throw error;
    }
    ask.onTaken?.();
    await ended;
    if (current?.error !== undefined) {
      end('failed', current.error);
      throw new Error(current.error);
    }
    if (hasEnded()) throw new Error(`the session has ended: ${state.reason ?? state.phase}`);
    if (ask.onAnswer !== undefined) {
      // A turn whose answer cannot be read is no answer: the session ends, and the next one is asked again.
      const answer = await answerSince(began.getTime()).catch((error: unknown) => {
        fail(`the answer could not be read: ${errorText(error)}`);
        throw error;
      });
      ask.onAnswer(answer);
    }
    turn = undefined;
    clearTimeout(silence);
    change({ phase: 'idle', lastTurnAt: now().toISOString() });
  };

  let queue: Promise<unknown> = Promise.resolve();
  /** A turn that ends badly is in the state; the next in the queue is then refused by `runTurn`. */
  const enqueue = (run: () => Promise<void>): Promise<void> => {
    const result = queue.then(run);
    queue = result.catch(() => {});
    result.catch(() => {});
    return result;
  };
  const prompt: AgentSession['prompt'] = (text, isWanted = () => true) =>
    new Promise((resolve, reject) => {
      enqueue(async () => {
        if (!isWanted()) return resolve(false);
        await runTurn({ text, onTaken: () => resolve(true) });
      }).catch(reject);
    });

  return {
    state: () => ({ ...state, usage: ledger.total() }),
    prompt,
    ask: (text, on) => enqueue(() => runTurn({ text, ...on })),
    isInTurn: () => turn !== undefined,
    async interject(text) {
      if (turn === undefined) return prompt(text);
      turn.toFollow += 1;
      await send(text);
      return true;
    },
    ready() {
      if (state.phase === 'starting' && turn === undefined) change({ phase: 'idle' });
    },
    async close(reason) {
      if (hasEnded()) return;
      if (turn !== undefined) await abortTurn();
      end('exited', reason);
    },
  };
}
