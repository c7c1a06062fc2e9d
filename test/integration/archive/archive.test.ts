import { afterAll, beforeAll, expect, it } from 'vitest';
import { Unavailable } from '../../../core/errors.ts';
import { seconds } from '../../../core/town/instant.ts';
import { partitionItems } from '../../../lambdas/adapters/dynamodb/exports-pages.ts';
import { townPk } from '../../../lambdas/adapters/dynamodb/keys.ts';
import { platformKey } from '../../../lambdas/adapters/dynamodb/platform-key.ts';
import { createPurgeStore } from '../../../lambdas/adapters/dynamodb/purge.ts';
import { createCursors } from '../../../lambdas/http/cursor.ts';
import { purgeTown } from '../../../lambdas/worker/purge-town.ts';
import { idOf, listed } from '../api/client.ts';
import { endedId, isFailed } from './fill.ts';
import { startFixture, type Fixture, type LargeTown } from './fixture.ts';
import type { Units } from './units.ts';

const MANY = 100_000;
const SOME = 5000;
const ONE = 1;
/** Ended beads at either end of the large archive that are listed. */
const WALKED = 12_000;

let fixture: Fixture;
let large: LargeTown;
let medium: LargeTown;
let small: LargeTown;
beforeAll(async () => {
  fixture = await startFixture(MANY, SOME, ONE);
  large = await fixture.townWith(MANY);
  medium = await fixture.townWith(SOME);
  small = await fixture.townWith(ONE);
}, 60_000);
afterAll(() => fixture.close());

const endedIds = (count: number, isWanted: (number: number) => boolean = () => true): string[] =>
  Array.from({ length: count }, (_, number) => number)
    .filter(isWanted)
    .map(endedId);

/** One page of the town's beads. */
async function pageOf(
  { path }: LargeTown,
  query: string,
  cursor: string | null = null,
): Promise<{ ids: string[]; nextCursor: string | null; units: Units }> {
  const place = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  const get = () => fixture.call('GET', `${path}/beads?${query}${place}`, { token: fixture.token });
  const { result, units } = await fixture.units.of(get);
  const { items, nextCursor } = listed.parse(result.body);
  return { ids: items.map(({ id }) => String(id)), nextCursor, units };
}

/** Pages from a cursor up to the last one, or so many; `mostRead`: read units of the one that used most. */
async function pagesOf(
  town: LargeTown,
  query: string,
  { most = Infinity, from = null }: { most?: number; from?: string | null } = {},
) {
  const found = { ids: [] as string[], pages: 0, mostRead: 0 };
  let cursor = from;
  do {
    const page = await pageOf(town, query, cursor);
    found.ids.push(...page.ids);
    found.pages += 1;
    found.mostRead = Math.max(found.mostRead, page.units.read);
    cursor = page.nextCursor;
  } while (cursor !== null && found.pages < most);
  return found;
}

/** A bead that needs an ended one is made and dispatched; then there is nothing to do. */
async function work({ path, townId, rigId }: LargeTown) {
  const body = { rigId, title: 'next', dependsOn: [endedId(0)] };
  const create = () => fixture.call('POST', `${path}/beads`, { token: fixture.token, body });
  const creation = await fixture.units.of(create);
  const dispatch = await fixture.units.of(() => fixture.reconcile(townId));
  const idle = await fixture.units.of(() => fixture.reconcile(townId));
  const { live, container, head } = await fixture.live(townId);
  return {
    bead: live.bead.get(idOf(creation.result)),
    agents: [...live.agent.values()].map(({ status, hook }) => ({ status, hook })),
    container: container.state,
    hasFailed: head.failure !== undefined,
    units: { creation: creation.units, dispatch: dispatch.units, idle: idle.units },
  };
}

it('a step costs what it costs in a town where nothing has ended, and dispatches what needed an ended bead', async () => {
  const [ofLarge, ofSmall] = [await work(large), await work(small)];
  expect(ofLarge.units).toEqual(ofSmall.units);
  expect(ofLarge.bead).toMatchObject({
    status: 'in_progress',
    dependsOn: [{ id: endedId(0), outcome: 'closed' }],
  });
  const agents = [{ status: 'working', hook: { kind: 'bead', id: ofLarge.bead?.id } }];
  expect(ofLarge).toMatchObject({ agents, container: 'starting', hasFailed: false });
});

it('pages hold every bead once, in order, each at the cost of what it shows', async () => {
  const { document: client, tableName } = fixture;
  const cursors = createCursors(await platformKey({ client, tableName }, 'cursor'));
  // Those at the beginning and those at the end: all 501 would take as long as everything else here.
  const from = cursors.seal(`ann ${large.path}/beads`, endedId(MANY - WALKED - 1));
  const first = await pagesOf(large, 'limit=200', { most: WALKED / 200 });
  const last = await pagesOf(large, 'limit=200', { from });
  const live = [...(await fixture.live(large.townId)).live.bead.keys()];
  const ids = endedIds(MANY);
  expect(first.ids).toEqual(ids.slice(0, WALKED));
  expect(last.ids).toEqual([...ids.slice(-WALKED), ...live]);
  expect(last.pages).toBe(WALKED / 200 + 1);
  // 201 beads of half a KB in units of 4 KB, and the live town.
  for (const { mostRead } of [first, last]) expect(mostRead).toBeLessThan(40);
});

it('a page of a filter reads 4 MiB at most, however little it finds', async () => {
  // 1 MiB is 256 units.
  const mostUnits = 4 * 256 + 10;
  const failed = await pagesOf(large, 'limit=50&status=failed', { most: 2 });
  expect(failed.ids).toEqual(endedIds(MANY, isFailed).slice(0, failed.ids.length));
  const nothing = await pagesOf(large, 'limit=200&label=none', { most: 1 });
  expect(nothing).toMatchObject({ ids: [], pages: 1 });
  for (const { mostRead } of [failed, nothing]) expect(mostRead).toBeLessThan(mostUnits);
  // What has not ended is live: the archive is not looked at.
  const inProgress = await pageOf(large, 'limit=50&status=in_progress');
  expect(inProgress).toMatchObject({ ids: { length: 1 }, nextCursor: null });
  expect(inProgress.units.read).toBeLessThan(10);
});

it('a filter finds all that passes it, to the last page', async () => {
  const { ids } = await pagesOf(medium, 'limit=2&status=failed');
  expect(ids).toEqual(endedIds(SOME, isFailed));
});

/**
 * One try of a deletion. Its 90 seconds are over after six looks at the clock: 1200 items, at two units each.
 * @returns whether all is gone
 */
async function purgeOnce(townId: string): Promise<boolean> {
  const { store, objects, document: client, tableName, units } = fixture;
  let at = 0;
  const now = (): number => (at += seconds(15));
  const deps = { store, objects, purge: createPurgeStore({ client, tableName }), now };
  const tried = await units.of(() =>
    purgeTown(deps, townId).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Unavailable) return false;
        throw error;
      },
    ),
  );
  // A page of 1 MiB or two; what is deleted is not read again.
  expect(tried.units.read).toBeLessThan(2 * 256 + 10);
  expect(tried.units.write).toBeLessThanOrEqual(2 * 1200);
  return tried.result;
}

it('a deletion is done in tries of bounded cost, and leaves nothing', async () => {
  for (const { path } of [large, medium])
    expect((await fixture.call('DELETE', path, { token: fixture.token })).status).toBe(202);
  // One try of the large one: all of them would take as long as everything else here.
  expect(await purgeOnce(large.townId)).toBe(false);
  const { townId } = medium;
  let tries = 1;
  while (!(await purgeOnce(townId))) tries += 1;
  expect(tries).toBe(5);

  const { document: client, tableName, store } = fixture;
  const left: unknown[] = [];
  const everything = { from: ' ', to: '~' };
  for await (const item of partitionItems({ client, tableName }, 'test', townPk(townId), everything))
    left.push(item);
  expect(left).toEqual([]);
  expect(await store.archivedOf(townId, 'bead')).toEqual([]);
  const towns = (await store.towns('ann')).map(({ id }) => id).toSorted();
  expect(towns).toEqual([large.townId, small.townId].toSorted());
});
