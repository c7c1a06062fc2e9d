import { fence, FENCE_WARNING } from '../../core/prompts/fence.ts';
import type { TownClient } from './town-client.ts';

/** What the town says this agent should know now, as text for a prompt. @throws TownCallError */
export async function fetchPrime(town: TownClient, signal?: AbortSignal): Promise<string> {
  const answer = await town({ method: 'GET', path: '/v1/agent/prime', signal });
  return fence('Your state in the town (JSON)', JSON.stringify(answer, null, 2));
}

/**
 * The prime context of each session: fetched once, and the same text in every model call, so that the prompt stays
 * cacheable. Fetched again when the session is compacted.
 */
export type PrimeContext = {
  forSession(sessionId: string): Promise<string>;
  forget(sessionId: string): void;
};

/** More sessions on one agent server than this are sub-agents of long ago. */
const MAX_SESSIONS = 100;

export function createPrimeContext(town: TownClient): PrimeContext {
  const texts = new Map<string, Promise<string>>();
  return {
    forSession(sessionId) {
      const known = texts.get(sessionId);
      if (known !== undefined) return known;
      if (texts.size >= MAX_SESSIONS) texts.clear();
      const text = fetchPrime(town).then(
        (prime) => `${FENCE_WARNING}\n\n${prime}`,
        () => 'Your state in the town could not be fetched just now. Call gt_prime before you rely on it.',
      );
      texts.set(sessionId, text);
      return text;
    },
    forget: (sessionId) => void texts.delete(sessionId),
  };
}
