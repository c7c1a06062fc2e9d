import type * as z from 'zod';
import type { TownStore } from '../../../core/ports.ts';
import type { Head } from '../../../core/town/head.ts';
import { presentMessage, type mayor as mayorAnswer } from '../answers/mayor.ts';
import { isoOrNull } from '../answers/times.ts';
import type { Place } from '../page.ts';
import { mayorIn, sessionStatus, unanswered } from './session.ts';

/** The mayor's session and the end of the chat, newest last; the cursor leads to what was said before that. */
export async function conversationOf(
  store: Pick<TownStore, 'history' | 'load'>,
  head: Head,
  limit: number,
  { from, cursorTo }: Place,
): Promise<z.infer<typeof mayorAnswer>> {
  // Before the live town: the commit that keeps a reply takes the message off, so what is answered here is not unanswered there.
  const found = await store.history(head.id, 'chat', {
    limit: limit + 1,
    isNewestFirst: true,
    ...(from === undefined ? {} : { to: from }),
  });
  const town = await store.load(head);
  const mayor = mayorIn(town);
  const next = found.length > limit ? found.at(-1) : undefined;
  const session = mayor && {
    agentId: mayor.id,
    status: sessionStatus(town, mayor),
    lastActiveAt: isoOrNull(mayor.lastActiveAt),
    problem: mayor.lastProblem ?? null,
  };
  return {
    session: session ?? null,
    unanswered: unanswered(town),
    items: found
      .slice(0, limit)
      .reverse()
      .map((entry) => presentMessage(entry, town.live.mail.has(entry.id))),
    nextCursor: next === undefined ? null : cursorTo(next.id),
  };
}
