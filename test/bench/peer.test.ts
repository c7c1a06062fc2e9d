import { expect, test } from 'vitest';
import { T0 } from '../unit/core/town-builder.ts';
import { tick } from './peer/p1-tick.ts';
import { sqlTown } from './peer/p2-sql.ts';
import { scheduled } from './peer/p3-schedule.ts';
import { LIVE_BEADS, storedTown } from './towns.ts';

test('P1 sees every bead, ended ones too, and changes what its rules say', async () => {
  const { table, townId } = await storedTown(200);
  expect(await tick(table.client, 'model', townId, T0)).toEqual({ seen: LIVE_BEADS + 200, changed: 0 });
  // A bead that nobody holds and nothing blocks is dispatched.
  table.set(`TOWN#${townId}`, 'LIVE#BEAD#live-0', { isHeld: false });
  expect(await tick(table.client, 'model', townId, T0)).toMatchObject({ changed: 1 });
});

test('P2 looks at all beads with its queries, and finds what is there', () => {
  const town = sqlTown(100);
  // At the beginning nothing is stale: the counts by status are all that it finds.
  const fresh = town.tick(1);
  // Ten minutes later three workers and their beads are.
  expect(town.tick(600_000) - fresh).toBe(3);
  town.close();
});

test('P3 does the same and leaves a sign of life', async () => {
  const { table, townId } = await storedTown(10);
  await scheduled(table.client, 'model', townId, T0);
  expect(table.items(`TOWN#${townId}`).get('HEARTBEAT')).toMatchObject({ at: T0 });
});
