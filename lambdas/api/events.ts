import type * as z from 'zod';
import type { LogEntry, TownStore } from '../../core/ports.ts';
import { presentEvent, type event } from './answers/event.ts';
import type { Place } from './page.ts';

/** Commits that are read at once, at least; a commit may have decided nothing, or more than a page holds. */
const FEWEST_READ_AT_ONCE = 25;
/** A page of a town that decided nothing in so many commits is shorter than asked for, and not the last one. */
const MAX_READS = 10;

interface Position {
  /** Version of a commit. */
  readonly version: number;
  /** Decisions of that commit that come after the place. */
  readonly left: number;
}

/** One page of the audit log, newest first. A position is `<version> <decisions left>`. */
export async function eventsPage(
  store: TownStore,
  townId: string,
  limit: number,
  { from, cursorTo }: Place,
): Promise<{ items: z.infer<typeof event>[]; nextCursor: string | null }> {
  const start = from === undefined ? undefined : positionOf(from);
  const items: z.infer<typeof event>[] = [];
  const count = Math.max(FEWEST_READ_AT_ONCE, limit + 1);
  let before = start === undefined ? undefined : start.version + 1;
  for (let read = 0; read < MAX_READS; read += 1) {
    const entries = await store.log(townId, count, before);
    for (const entry of entries) {
      const decisions = decisionsBefore(entry, start);
      const taken = decisions.toReversed().slice(0, limit - items.length);
      items.push(...taken.map((decision) => presentEvent(entry.at, decision)));
      if (items.length < limit) continue;
      return { items, nextCursor: cursorTo(`${entry.version} ${decisions.length - taken.length}`) };
    }
    const last = entries.at(-1);
    if (last === undefined || entries.length < count) return { items, nextCursor: null };
    before = last.version;
  }
  return { items, nextCursor: cursorTo(`${before ?? 1} 0`) };
}

const decisionsBefore = ({ version, decisions }: LogEntry, start: Position | undefined) =>
  version === start?.version ? decisions.slice(0, start.left) : decisions;

function positionOf(text: string): Position {
  const [version = 0, left = 0] = text.split(' ').map(Number);
  return { version, left };
}
