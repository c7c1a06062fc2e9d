import { createSnapshotStore } from '../../../lambdas/adapters/dynamodb/snapshots.ts';
import { createTownStore } from '../../../lambdas/adapters/dynamodb/store.ts';
import type { StoreSubject } from '../../contract/store/subject.ts';
import { ModelTable } from './model-table.ts';

/** What the contract suites need of a store, over the model. */
export async function modelSubject(): Promise<StoreSubject> {
  const table = new ModelTable();
  const client = (before?: (command: string) => Promise<void>) =>
    before === undefined
      ? table.client
      : {
          async send(command: Parameters<typeof table.client.send>[0]) {
            await before(command.constructor.name);
            return table.client.send(command);
          },
        };
  const subject: Omit<StoreSubject, 'store'> = {
    tableName: 'model',
    snapshots: createSnapshotStore({ client: table.client, tableName: 'model' }),
    open: ({ onCapacity, before, codeVersion = 'test' } = {}) =>
      createTownStore({
        // The store calls nothing but `send`.
        client: client(before) as typeof table.client,
        tableName: 'model',
        codeVersion,
        onCapacity,
      }),
    items: async (pk) => table.items(pk),
    item: async (pk, sk) => table.items(pk).get(sk),
    set: async (pk, sk, attributes) => table.set(pk, sk, attributes),
    remove: async () => {},
  };
  return { ...subject, store: subject.open() };
}
