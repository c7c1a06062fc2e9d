import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIds } from '../../../core/ids.ts';
import type { Secrets, TownStore } from '../../../core/ports.ts';
import { createBead } from '../../../lambdas/api/create-bead.ts';
import { createConvoy } from '../../../lambdas/api/create-convoy.ts';
import { createRig } from '../../../lambdas/api/create-rig.ts';
import { createTown } from '../../../lambdas/api/create-town.ts';
import * as beads from '../../../lambdas/api/inputs/beads.ts';
import * as convoys from '../../../lambdas/api/inputs/convoys.ts';
import * as rigs from '../../../lambdas/api/inputs/rigs.ts';
import type { RouteContext } from '../../../lambdas/http/route.ts';
import { idOf } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';

const OWNER = { id: 'owner', orgIds: [] };

/** A function that dies right after this write: it is done, and nothing comes after it. */
const dyingAfter = <K extends 'create' | 'addBead' | 'createTown'>(
  store: TownStore,
  write: K,
): TownStore => ({
  ...store,
  [write]: async (...given: unknown[]): Promise<never> => {
    await (store[write] as (...args: unknown[]) => Promise<unknown>)(...given);
    throw new Error('the function died');
  },
});

describe('a creation that is tried again with the same ids', () => {
  let fixture: Fixture;
  let town: Awaited<ReturnType<Fixture['town']>>;
  beforeAll(async () => {
    fixture = await startFixture();
    town = await fixture.town('owner');
  });
  afterAll(() => fixture.close());

  // No town here is given a secret: nobody asks for the store of secrets.
  const secrets = {} as Secrets;
  const depsOf = (store: TownStore) => ({
    store,
    secrets,
    integrations: fixture.integrations,
    towns: fixture.towns,
    allowsLocalGitUrls: false,
    githubHost: 'github.com',
  });
  /** The same context for each try, as an idempotency key gives it. */
  const tries = (): (() => RouteContext) => {
    const [seed, at] = [randomUUID(), fixture.now()];
    return () => ({ ids: createIds(seed, at), at });
  };
  const headItem = async () =>
    (await fixture.items()).find(({ id, ownerId }) => id === town.townId && ownerId === OWNER.id);
  const beadOf = (more: object = {}) =>
    beads.createBead.parse({ rigId: town.rigId, title: 'a bead', held: true, body: 'what to do', ...more });

  it('answers with the record that is there, and makes no second one', async () => {
    const deps = depsOf(fixture.store);
    const blocker = idOf(
      await fixture.call('POST', `${town.path}/beads`, {
        token: town.token,
        body: { rigId: town.rigId, title: 'first', held: true },
      }),
    );
    const rig = rigs.createRig.parse({ name: 'again', gitUrl: 'https://example.com/a/b.git' });
    const tasks = [
      { title: 'one', body: 'text' },
      { title: 'two', dependsOn: [0] },
    ];
    const convoy = convoys.createConvoy.parse({ rigId: town.rigId, title: 'again', staged: true, tasks });
    const { townId } = town;
    const rows: readonly [string, (context: RouteContext) => Promise<unknown>][] = [
      ['a town', (context) => createTown(depsOf(fixture.store), OWNER, { name: 'again' }, context)],
      ['a rig', (context) => createRig(deps, OWNER, townId, rig, context)],
      ['a bead', (context) => createBead(deps, OWNER, townId, beadOf(), context)],
      [
        'one that waits',
        (context) => createBead(deps, OWNER, townId, beadOf({ dependsOn: [blocker] }), context),
      ],
      ['a convoy', (context) => createConvoy(deps, OWNER, townId, convoy, context)],
    ];
    for (const [what, create] of rows) {
      const context = tries();
      const first = await create(context());
      const count = (await fixture.items()).length;
      expect(await create(context()), `${what} again`).toEqual(first);
      expect((await fixture.items()).length, `${what} again`).toBe(count);
    }
  });

  it('finds what a try had written that died, and the town looks at it', async () => {
    const { townId } = town;
    const blocker = [...(await fixture.live(townId)).live.bead.keys()].slice(0, 1);
    const rows = [
      { what: 'before the head was bumped', write: 'addBead', input: beadOf(), isBumpedAgain: true },
      {
        what: 'before the wake-up',
        write: 'create',
        input: beadOf({ dependsOn: blocker }),
        isBumpedAgain: false,
      },
    ] as const;
    for (const { what, write, input, isBumpedAgain } of rows) {
      const context = tries();
      const head = await headItem();
      const dying = createBead(depsOf(dyingAfter(fixture.store, write)), OWNER, townId, input, context());
      await expect(dying, `a try that died ${what}`).rejects.toThrow('the function died');
      // The head as it was: the write of the bead was the last thing that happened.
      if (isBumpedAgain)
        await fixture.document.send(new PutCommand({ TableName: fixture.tableName, Item: head }));
      const before = await fixture.live(townId);
      const bead = await createBead(depsOf(fixture.store), OWNER, townId, input, context());
      const after = await fixture.live(townId);
      expect(after.live.bead.get(bead.id), `a try that died ${what}`).toEqual(bead);
      expect(after.live.bead.size, `a try that died ${what}`).toBe(before.live.bead.size);
      expect(after.head.version > before.head.version, `a try that died ${what}`).toBe(isBumpedAgain);
    }
    const context = tries();
    const died = createTown(
      { ...depsOf(fixture.store), store: dyingAfter(fixture.store, 'createTown') },
      OWNER,
      { name: 'x' },
      context(),
    );
    await expect(died).rejects.toThrow('the function died');
    const made = await createTown(depsOf(fixture.store), OWNER, { name: 'x' }, context());
    expect(await fixture.store.head(made.id)).toEqual(made);
  });

  it('finds a record that has ended since: an ended one is not made again', async () => {
    const { townId } = town;
    const deps = depsOf(fixture.store);
    for (const dependsOn of [[], [...(await fixture.live(townId)).live.bead.keys()].slice(0, 1)]) {
      const context = tries();
      const input = beadOf({ dependsOn });
      const { id } = await createBead(deps, OWNER, townId, input, context());
      const path = `${town.path}/beads/${id}/cancel`;
      await fixture.call('POST', path, { token: town.token, body: { as: 'closed' } });
      await fixture.reconcile(townId);
      expect(await createBead(deps, OWNER, townId, input, context())).toMatchObject({ id, status: 'closed' });
      expect((await fixture.live(townId)).live.bead.has(id)).toBe(false);
    }
  });

  it("does not hand out another user's record", async () => {
    const context = tries();
    await createTown(depsOf(fixture.store), OWNER, { name: 'mine' }, context());
    const other = { id: 'stranger', orgIds: [] };
    await expect(createTown(depsOf(fixture.store), other, { name: 'mine' }, context())).rejects.toThrow(
      'There is a town',
    );
  });
});
