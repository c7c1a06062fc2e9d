import type * as z from 'zod';
import { hasEnded } from '../../../core/town/bead.ts';
import type { Town } from '../../../core/town/town.ts';
import type { TownRequest } from '../access.ts';
import { presentBead, type bead } from '../answers/bead.ts';
import type { ApiDeps } from '../context.ts';
import { page, placeOf } from '../page.ts';
import type { beadsQuery } from '../queries.ts';
import { searchArchive } from '../search-archive.ts';
import { isAskedFor } from './filter.ts';

/** One page of the beads that pass the filters, live and ended ones. */
export async function listBeads(
  { store, cursors }: Pick<ApiDeps, 'store' | 'cursors'>,
  town: Town,
  request: TownRequest & { readonly query: z.output<typeof beadsQuery> },
): Promise<{ items: z.infer<typeof bead>[]; nextCursor: string | null }> {
  const { query } = request;
  const live = [...town.live.bead.values()].filter((record) => isAskedFor(record, query));
  const ended =
    query.status === undefined || hasEnded(query.status)
      ? await searchArchive(store, town.head.id, 'bead', {
          most: query.limit,
          after: placeOf(cursors, request).from,
          isAskedFor: (record) => isAskedFor(record, query),
        })
      : { records: [], end: undefined };
  return page(cursors, request, [...live, ...ended.records], (record) => presentBead(record), ended.end);
}
