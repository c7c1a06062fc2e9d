import type { SnapshotStore } from '../../../core/ports.ts';
import { snapshotRecord } from '../../../core/snapshot/snapshot-record.ts';
import { parseStored, toItem } from './items.ts';
import { snapshotRowKey } from './keys.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';
import { ABSENT, type Condition } from './writes.ts';

export function createSnapshotStore(options: TownTableOptions): SnapshotStore {
  const table = new TownTable(options);
  return {
    async snapshotOf(townId, agentId) {
      const item = await table.get('snapshotOf', snapshotRowKey(townId, agentId));
      return item === undefined ? undefined : parseStored(snapshotRecord, item);
    },
    setSnapshot(townId, record) {
      const item = { ...toItem(record), ...snapshotRowKey(townId, record.agentId) };
      const { generation, epoch } = record;
      const afterTheLast: Condition = {
        text: '#generation = :before AND #epoch <= :epoch',
        values: { ':before': generation - 1, ':epoch': epoch },
      };
      const condition = generation === 1 ? ABSENT : afterTheLast;
      return table.write('setSnapshot', { op: 'put', item, condition });
    },
  };
}
