import { afterAll, beforeAll, expect, it } from 'vitest';
import { listed } from '../api/client.ts';
import { startFixture, type Fixture } from './fixture.ts';

const ENDED = 100_000;

let fixture: Fixture;
let town: Awaited<ReturnType<Fixture['town']>>;
let ids: string[];
beforeAll(async () => {
  fixture = await startFixture();
  town = await fixture.town('ann');
  console.time('archive');
  ids = await fixture.archive(town.townId, town.rigId, ENDED);
  console.timeEnd('archive');
});
afterAll(() => fixture.close());

/** A list from its first page to its last, and the read units of the page that used most. */
async function readAll(query: string): Promise<{ found: string[]; pages: number; mostUnits: number }> {
  const found: string[] = [];
  let mostUnits = 0;
  let cursor = '';
  for (let pages = 1; ; pages += 1) {
    const path = `${town.path}/beads?limit=200${query}${cursor}`;
    const page = await fixture.units.of(() => fixture.call('GET', path, { token: town.token }));
    const { items, nextCursor } = listed.parse(page.result.body);
    found.push(...items.map(({ id }) => String(id)));
    mostUnits = Math.max(mostUnits, page.units.read);
    if (nextCursor === null) return { found, pages, mostUnits };
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
}

it('lists every ended bead once, in order, at a bounded cost a page', async () => {
  console.time('list');
  const { found, ...rest } = await readAll('');
  console.timeEnd('list');
  console.log(rest, found.length);
  expect(found).toEqual(ids);
});
