import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { uuidv7 } from 'uuidv7';
import { headKey } from '../../../lambdas/adapters/dynamodb/keys.ts';
import { idOf } from '../api/client.ts';
import { startFixture as startApi, TABLE } from '../api/fixture.ts';
import { endedCounts, fill } from './fill.ts';
import { countUnits } from './units.ts';

export type Fixture = Awaited<ReturnType<typeof startFixture>>;
export type LargeTown = Awaited<ReturnType<Fixture['townWith']>>;

/** The whole API, with the units that it uses, and towns of one owner that have so many ended beads. */
export async function startFixture(...sizes: readonly number[]) {
  const databasePath = await mkdtemp(join(tmpdir(), 'gastown-archive-'));
  const archives = new Map(sizes.map((beads) => [beads, { townId: uuidv7(), rigId: uuidv7(), beads }]));
  await fill(databasePath, TABLE, [...archives.values()]);
  const api = await startApi({ databasePath });
  const { document: client, store, call, now } = api;
  const token = await api.userToken('ann');
  return {
    ...api,
    token,
    units: countUnits(client),
    /** Makes the town of the archive of this size. */
    async townWith(beads: number) {
      const townId = archives.get(beads)?.townId ?? '';
      await store.createTown({
        head: { id: townId, name: 'Gas', ownerId: 'ann' },
        config: { rev: 1 },
        at: now(),
      });
      await client.send(
        new UpdateCommand({
          TableName: TABLE,
          Key: headKey(townId),
          UpdateExpression: 'SET ended = :ended',
          ExpressionAttributeValues: { ':ended': endedCounts(beads) },
        }),
      );
      const path = `/v1/towns/${townId}`;
      const rig = { name: 'rig', gitUrl: '/srv/git/rig.git' };
      const rigId = idOf(await call('POST', `${path}/rigs`, { token, body: rig }));
      return { townId, rigId, path };
    },
    async close(): Promise<void> {
      await api.close();
      await rm(databasePath, { recursive: true, force: true });
    },
  };
}
