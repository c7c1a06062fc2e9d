import { createTownStore } from '../../../lambdas/adapters/dynamodb/store.ts';
import { World, type Plan } from '../../contract/loop/world.ts';
import { createModelTable } from '../../simulation/table/model-table.ts';

/** A model world over the model of the table. */
export function benchWorld(plan: Plan = {}): World {
  let world: World | undefined;
  const table = createModelTable({ now: () => world?.time.now ?? 0 });
  const sleep = async (): Promise<void> => {};
  world = new World(
    createTownStore({ client: table.client, tableName: 'model', codeVersion: 'bench', sleep }),
    { townNames: 'bench', ...plan },
  );
  return world;
}
