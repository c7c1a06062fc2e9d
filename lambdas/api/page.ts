import { userOf } from '../http/claims.ts';
import type { Cursors } from '../http/cursor.ts';
import type { Request } from '../http/route.ts';
import type { PageQuery } from './queries.ts';

type ListRequest = Pick<Request<unknown, PageQuery>, 'event' | 'query'>;

/** A place in a list: for one user, in one list. */
export interface Place {
  /** Where this page begins; undefined: at the beginning. @throws InvalidInput for a cursor of another list */
  readonly from: string | undefined;
  /** The cursor for a page that begins at `position`. */
  cursorTo(position: string): string;
}

/** Filters may change between pages; the list stays the same one. */
export function placeOf(cursors: Cursors, { event, query }: ListRequest): Place {
  const scope = `${userOf(event).id} ${event.rawPath}`;
  return {
    from: query.cursor === undefined ? undefined : cursors.open(scope, query.cursor),
    cursorTo: (position) => cursors.seal(scope, position),
  };
}

/**
 * One page of records, by id, which is the order in which they were made: a record that ends or is made between two pages is
 * neither lost nor shown twice. Of two records with one id the later one counts.
 * @param end up to this id `all` is known, and the list goes on behind it; a page that ends there is shorter than asked for
 */
export function page<T extends { readonly id: string }, Shown>(
  cursors: Cursors,
  request: ListRequest,
  all: Iterable<T>,
  present: (record: T) => Shown,
  end?: string,
): { items: Shown[]; nextCursor: string | null } {
  const { limit } = request.query;
  const { from = '', cursorTo } = placeOf(cursors, request);
  const byId = new Map([...all].map((record) => [record.id, record]));
  const rest = [...byId.values()]
    .filter(({ id }) => id > from && (end === undefined || id <= end))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = rest.length > limit ? items.at(-1)?.id : end;
  return { items: items.map(present), nextCursor: last === undefined ? null : cursorTo(last) };
}

/** One page of records in the order that they come in; a page goes on after the record that the cursor names. */
export function pageInOrder<T extends { readonly id: string }, Shown>(
  cursors: Cursors,
  request: ListRequest,
  all: readonly T[],
  present: (record: T) => Shown,
): { items: Shown[]; nextCursor: string | null } {
  const { limit } = request.query;
  const { from, cursorTo } = placeOf(cursors, request);
  // A record that is gone since is not found: then the list begins again, which shows things twice but loses none.
  const start = from === undefined ? 0 : all.findIndex(({ id }) => id === from) + 1;
  const items = all.slice(start, start + limit);
  const last = all.length > start + limit ? items.at(-1) : undefined;
  return { items: items.map(present), nextCursor: last === undefined ? null : cursorTo(last.id) };
}
