import { InvalidInput } from '../../core/errors.ts';
import type { Answer } from '../http/route.ts';

type Query = Readonly<Record<string, string>>;

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** @throws InvalidInput unless `limit` is absent or a whole number from 1 to 200. */
export function limitOf(query: Query): number {
  const limit = wholeNumber(query['limit'] ?? `${DEFAULT_LIMIT}`);
  if (limit === undefined || limit < 1 || limit > MAX_LIMIT) {
    throw new InvalidInput(`\`limit\` is a whole number from 1 to ${MAX_LIMIT}.`, [
      { path: 'limit', message: 'out of range' },
    ]);
  }
  return limit;
}

/** Undefined for anything but plain digits. */
export const wholeNumber = (text: string): number | undefined =>
  /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/**
 * One page of records, by id, which is the order in which they were made: a record that ends or is made between two pages is
 * neither lost nor shown twice. Of two records with one id the later one counts.
 */
export function page<T extends { readonly id: string }>(
  all: Iterable<T>,
  query: Query,
  present: (record: T) => unknown,
): Answer {
  const limit = limitOf(query);
  const after = query['cursor'] === undefined ? '' : Buffer.from(query['cursor'], 'base64url').toString();
  const byId = new Map([...all].map((record) => [record.id, record]));
  const rest = [...byId.values()].filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = rest.length > limit ? items.at(-1) : undefined;
  const nextCursor = last === undefined ? null : Buffer.from(last.id).toString('base64url');
  return { status: 200, body: { items: items.map(present), nextCursor } };
}
