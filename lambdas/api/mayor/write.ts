import { Conflict } from '../../../core/errors.ts';
import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import type { RouteContext } from '../../http/route.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { openTown } from '../statements.ts';
import { unanswered } from './session.ts';

/** The live town is read at every step: it is no place for a backlog. */
const MOST_UNANSWERED = 20;

/** Says something to the mayor, who answers later. The same ids again are the same message. */
export async function writeToMayor(
  { store, towns, now }: TownDeps,
  caller: Caller,
  townId: string,
  { message: text, context }: { message: string; context?: string | undefined },
  { ids, at }: RouteContext,
): Promise<{ messageId: string }> {
  const town = await openTown({ store, towns, now }, caller, townId);
  // With those that the town has not taken up yet: many may come at once.
  const pending = town.inbox.filter(({ statement }) => statement.type === 'mayor_message').length;
  if (unanswered(town) + pending >= MOST_UNANSWERED) {
    throw new Conflict(
      `${MOST_UNANSWERED} messages wait for the mayor's answer already. GET …/why says what it waits for.`,
    );
  }
  const messageId = ids.next();
  const statement = { type: 'mayor_message', messageId, text, context, by: caller.id } as const;
  await store.addInbox(townId, { id: messageId, at, statement });
  await towns.send({ v: MESSAGE_VERSION, townId });
  return { messageId };
}
