import { expect, it } from 'vitest';
import type { ArchiveQuery, TownStore } from '../../../core/ports.ts';
import { searchArchive } from '../../../lambdas/api/search-archive.ts';
import { bead } from '../core/town-builder.ts';

const idOf = (number: number): string => `b${String(number).padStart(6, '0')}`;

/** A store of so many ended beads, every tenth of which is labelled, and what it was asked for. */
function archiveOf(count: number) {
  const beads = Array.from({ length: count }, (_, number) =>
    bead(idOf(number), { status: 'closed', labels: number % 10 === 0 ? ['tenth'] : [] }),
  );
  const asked: ArchiveQuery[] = [];
  const archivedPart = async (_townId: string, _kind: string, query: ArchiveQuery) => {
    asked.push(query);
    const { limit, after, isNewestFirst } = query;
    const ordered = isNewestFirst ? beads.toReversed() : beads;
    const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
    const records = ordered.slice(start, start + limit);
    return { records, end: start + limit <= count ? records.at(-1)?.id : undefined };
  };
  return { store: { archivedPart } as Pick<TownStore, 'archivedPart'>, asked };
}

interface Row {
  readonly what: string;
  readonly count: number;
  readonly most: number;
  readonly label?: string;
  readonly after?: number;
  readonly isNewestFirst?: boolean;
  /** Records that each read looks at. */
  readonly limits: readonly number[];
  readonly found: number;
  readonly end: number | undefined;
}

const rows: readonly Row[] = [
  { what: 'nothing has ended', count: 0, most: 50, limits: [100], found: 0, end: undefined },
  { what: 'one read finds enough', count: 1000, most: 50, limits: [100], found: 100, end: 99 },
  { what: 'one more than is wanted', count: 1000, most: 200, limits: [201], found: 201, end: 200 },
  { what: 'further on', count: 1000, most: 50, after: 899, limits: [100], found: 100, end: 999 },
  { what: 'the end', count: 1000, most: 50, after: 949, limits: [100], found: 50, end: undefined },
  {
    what: 'a filter, with growing reads',
    count: 9000,
    most: 50,
    label: 'tenth',
    limits: [100, 400, 1600],
    found: 210,
    end: 2099,
  },
  {
    what: 'the newest first',
    count: 9000,
    most: 5,
    label: 'tenth',
    isNewestFirst: true,
    limits: [100],
    found: 10,
    end: 8900,
  },
  {
    what: 'nothing to be found',
    count: 9000,
    most: 50,
    label: 'none',
    limits: [100, 400, 1600, 6400],
    found: 0,
    end: 8499,
  },
];

it.each(rows)('$what', async ({ count, most, label, after, isNewestFirst, limits, found, end }) => {
  const { store, asked } = archiveOf(count);
  const result = await searchArchive(store, 'town', 'bead', {
    most,
    after: after === undefined ? undefined : idOf(after),
    ...(isNewestFirst === undefined ? {} : { isNewestFirst }),
    isAskedFor: ({ labels }) => label === undefined || labels.includes(label),
  });
  expect(asked.map(({ limit }) => limit)).toEqual(limits);
  expect(result.records).toHaveLength(found);
  expect(result.end).toBe(end === undefined ? undefined : idOf(end));
});
