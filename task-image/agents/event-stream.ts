import type { KiloClient } from '@kilocode/sdk/v2/client';

const CONNECT_TIMEOUT_MS = 10_000;
/** A stream that ends again this soon after a reconnect is not coming back. */
const STEADY_MS = 60_000;

export type EventStreamOptions = {
  client: KiloClient;
  onEvent: (event: unknown) => void;
  /** The stream broke and is there again; events in between are lost. */
  onReconnected: () => void;
  /** The stream broke, and the one reconnect failed or did not last. Called at most once, never after `close`. */
  onLost: (reason: string) => void;
};

/**
 * Follows the events of an agent server. Resolves when the first connection stands, so that nothing that is asked for
 * afterwards can be missed.
 * @throws Error when that takes longer than 10 s.
 */
export async function openEventStream(options: EventStreamOptions): Promise<{ close(): void }> {
  const closing = new AbortController();
  const first = await connect(options, closing.signal);
  void keepConnected(first, options, closing.signal);
  return { close: () => closing.abort() };
}

type Connection = { ended: Promise<void> };

/** Ends: each pass but the last has had a steady connection. */
async function keepConnected(
  first: Connection,
  options: EventStreamOptions,
  closing: AbortSignal,
): Promise<void> {
  let current: Connection | undefined = first;
  let reconnectedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    await current.ended;
    if (closing.aborted) return;
    if (performance.now() - reconnectedAt < STEADY_MS) {
      return options.onLost('the event stream of the agent server ended twice');
    }
    current = await connect(options, closing).catch(() => undefined);
    if (closing.aborted) return;
    if (current === undefined) {
      return options.onLost('the event stream of the agent server ended and could not be opened again');
    }
    reconnectedAt = performance.now();
    options.onReconnected();
  }
}

/** Resolves when the server has greeted. */
async function connect({ client, onEvent }: EventStreamOptions, closing: AbortSignal): Promise<Connection> {
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(), CONNECT_TIMEOUT_MS);
  const signal = AbortSignal.any([closing, connecting.signal]);
  try {
    let failure: unknown;
    const { stream } = await client.event.subscribe(
      {},
      {
        signal,
        // The SDK would retry forever in silence.
        sseMaxRetryAttempts: 1,
        onSseError: (error) => {
          failure = error;
        },
      },
    );
    const greeting = await stream.next();
    if (greeting.done === true)
      throw new Error('the agent server opened no event stream', { cause: failure });
    onEvent(greeting.value);
    const read = async (): Promise<void> => {
      for await (const event of stream) onEvent(event);
    };
    return { ended: read().catch(() => {}) };
  } finally {
    clearTimeout(timer);
  }
}
