import { rigSchema } from '../../../core/town/rig.ts';
import { effectKey } from '../../../core/effects.ts';
import type { PurgeStore } from '../../../core/ports.ts';
import { ownersOf } from '../../../core/town/owners.ts';
import { beginningWith, partitionItems, type Range } from './exports-pages.ts';
import { headWrite } from './head.ts';
import { IMPORT_PREFIX } from './imports.ts';
import { writeBatches } from './imports-batch.ts';
import {
  configKey,
  headKey,
  LIVE_FROM,
  LIVE_TO,
  outboxKey,
  ownerKey,
  ownerPk,
  recordKey,
  townPk,
  type Key,
} from './keys.ts';
import { repositoryRow } from './repository-rows.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';
import { PRESENT } from './writes.ts';

/** Items that are deleted together; between two such groups it is asked whether the time is up. */
const GROUP = 200;

const placeOfRig = rigSchema.pick({ id: true, gitUrl: true });
const RIG_PREFIX = recordKey('', 'rig', '').sk;

/** `LIVE#…` parts the partition in two; all of it that is not live is read by no rule. */
const DARK_RANGES: readonly Range[] = [
  { from: ' ', to: 'LIVE!' },
  { from: 'LIVE$', to: '~' },
];

/** Deletes towns from the town table. */
export function createPurgeStore(options: TownTableOptions): PurgeStore {
  const table = new TownTable(options);

  const removeRange = async (
    pk: string,
    range: Range,
    isTimeUp: () => boolean,
    kept: ReadonlySet<string> = new Set(),
  ): Promise<boolean> => {
    let group: { remove: Key }[] = [];
    const flush = async (): Promise<void> => {
      await writeBatches(options, 'purge', group);
      group = [];
    };
    for await (const { sk } of partitionItems(options, 'purge', pk, range, ['sk'])) {
      const key = { pk, sk: String(sk) };
      if (kept.has(key.sk)) continue;
      group.push({ remove: key });
      if (group.length < GROUP) continue;
      await flush();
      if (isTimeUp()) return false;
    }
    await flush();
    return true;
  };

  const removeDark = async (townId: string, isTimeUp: () => boolean): Promise<boolean> => {
    for (const range of DARK_RANGES) if (!(await removeRange(townPk(townId), range, isTimeUp))) return false;
    return true;
  };

  return {
    removeDark,
    async removeLive(townId, isTimeUp) {
      const rows: { remove: Key }[] = [];
      for await (const item of partitionItems(options, 'purge', townPk(townId), beginningWith(RIG_PREFIX))) {
        const { data: rig } = placeOfRig.safeParse(item);
        const row = rig === undefined ? undefined : repositoryRow(townId, rig);
        if (row !== undefined) rows.push({ remove: { pk: row.pk, sk: row.sk } });
      }
      await writeBatches(options, 'purge', rows);
      const kept = [configKey(townId), purgeRowKey(townId)].map(({ sk }) => sk);
      return removeRange(townPk(townId), { from: LIVE_FROM, to: LIVE_TO }, isTimeUp, new Set(kept));
    },
    async removeRows({ id, ownerId, orgId }) {
      const pk = ownerPk(ownerId);
      const requests = ownersOf({ ownerId, orgId }).map((owner) => ({ remove: ownerKey(owner, id) }));
      for await (const { sk, townId } of partitionItems(options, 'purge', pk, beginningWith(IMPORT_PREFIX)))
        if (townId === id) requests.push({ remove: { pk, sk: String(sk) } });
      await writeBatches(options, 'purge', requests);
    },
    async removeHead(head) {
      const condition = headWrite(head, {}).condition ?? PRESENT;
      const result = await table.transactPatiently('purge', [
        { op: 'delete', key: headKey(head.id), condition },
        { op: 'delete', key: configKey(head.id) },
        { op: 'delete', key: purgeRowKey(head.id) },
      ]);
      if (result.state === 'refused') return false;
      // A late report or a fact that was not understood may have come between the last look and now.
      await removeRange(townPk(head.id), { from: ' ', to: '~' }, () => false);
      return true;
    },
  };
}

const purgeRowKey = (townId: string): Key => outboxKey(townId, effectKey({ type: 'purge_town' }));
