/** An answer that is larger than what is read of one. */
export class AnswerTooLarge extends Error {}

/** Statuses whose answers have no body; `Response` insists on that. */
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * A `fetch` that is over after `timeoutMs`, body included, and reads at most `maxBytes` of it.
 * @throws DOMException `TimeoutError`; AnswerTooLarge; what `fetch` throws, also when the connection ends within the body
 */
export function boundedFetch(
  fetch: typeof globalThis.fetch,
  { timeoutMs, maxBytes }: { readonly timeoutMs: number; readonly maxBytes: number },
): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    const { status, statusText, headers } = response;
    const body = await readAtMost(response, maxBytes);
    return new Response(WITHOUT_BODY.has(status) ? null : body, { status, statusText, headers });
  };
}

async function readAtMost({ body }: Response, maxBytes: number): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > maxBytes) throw new AnswerTooLarge(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new Blob(chunks);
}
