import { integrationSchema, type Integration } from '../../../core/integration.ts';
import type { IntegrationStore } from '../../../core/ports.ts';
import { orgOwner } from '../../../core/town/owners.ts';
import { parseStored, toItem } from './items.ts';
import { ownerPk, type Key } from './keys.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';
import { PRESENT, type Condition } from './writes.ts';

/** Integrations of one owner that one call reads. */
const MAX_INTEGRATIONS = 200;

const keyOf = (id: string): Key => ({ pk: `INTEGRATION#${id}`, sk: 'INTEGRATION' });
/** Under its owner, for the list. */
const rowKey = (ownerId: string, id: string): Key => ({ pk: ownerPk(ownerId), sk: `INTEGRATION#${id}` });

/** One that was uninstalled may be claimed by anybody who administers the account now. */
const isFree = (ownerId: string): Condition => ({
  text: 'attribute_not_exists(#pk) OR #ownerId = :ownerId OR #state = :deleted',
  values: { ':ownerId': ownerId, ':deleted': 'deleted' },
});

/** Integrations in the town table. */
export function createIntegrationStore(options: TownTableOptions): IntegrationStore {
  const table = new TownTable(options);
  const read = async (id: string): Promise<Integration | undefined> => {
    const item = await table.get('integration', keyOf(id));
    return item === undefined ? undefined : parseStored(integrationSchema, item);
  };
  return {
    integration: read,
    async integrationsOf(ownerId, orgIds = []) {
      const owners = [ownerId, ...orgIds.map(orgOwner)];
      const rows = await Promise.all(
        owners.map((owner) =>
          table.query('integrations', {
            where: '#pk = :pk AND begins_with(#sk, :prefix)',
            values: { ':pk': ownerPk(owner), ':prefix': 'INTEGRATION#' },
            limit: MAX_INTEGRATIONS,
          }),
        ),
      );
      const keys = rows.flat().map(({ sk }) => keyOf(String(sk).slice('INTEGRATION#'.length)));
      const found = (await table.getMany('integrations', keys)).map((item) =>
        parseStored(integrationSchema, item),
      );
      // A row may be left of an owner that has it no more.
      return found
        .filter(({ ownerId: owner, state }) => owners.includes(owner) && state !== 'deleted')
        .toSorted((a, b) => a.createdAt - b.createdAt || a.installationId - b.installationId);
    },
    async claim(integration) {
      const { id, ownerId } = integration;
      const result = await table.transactPatiently('claim', [
        { op: 'put', item: { ...toItem(integration), ...keyOf(id) }, condition: isFree(ownerId) },
        { op: 'put', item: rowKey(ownerId, id) },
      ]);
      return result.state === 'written';
    },
    async setState(id, state, at) {
      const update = { set: { state, updatedAt: at } };
      await table.write('integration', { op: 'update', key: keyOf(id), update, condition: PRESENT });
    },
  };
}
