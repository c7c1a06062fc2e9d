import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SnapshotStore, TownStore } from '../../../core/ports.ts';
import { createSnapshotStore } from '../../../lambdas/adapters/dynamodb/snapshots.ts';
import { createTownStore } from '../../../lambdas/adapters/dynamodb/store.ts';
import { ensureTable } from '../../../lambdas/adapters/dynamodb/table.ts';
import type { OnCapacity } from '../../../lambdas/adapters/dynamodb/town-table.ts';

/** What the suite needs of a store: further stores on the same table, and a look at the bare items. */
export interface StoreSubject {
  readonly store: TownStore;
  readonly snapshots: SnapshotStore;
  readonly tableName: string;
  /** Another store on the same table; `before` runs before each of its calls to the service. */
  open(options?: {
    onCapacity?: OnCapacity;
    before?: (command: string) => Promise<void>;
    codeVersion?: string;
  }): TownStore;
  /** Items of a partition by sort key, in order. */
  items(pk: string): Promise<Map<string, Record<string, unknown>>>;
  item(pk: string, sk: string): Promise<Record<string, unknown> | undefined>;
  /** Writes attributes behind the store's back; undefined removes one. */
  set(pk: string, sk: string, attributes: Record<string, unknown>): Promise<void>;
  /** Takes the table away. */
  remove(): Promise<void>;
}
export type MakeStore = () => Promise<StoreSubject>;

/** An endpoint named by the environment is used with the environment's region and credentials. */
const rawClientFor = (endpoint: string): DynamoDBClient =>
  endpoint === process.env['AWS_ENDPOINT_URL_DYNAMODB']
    ? new DynamoDBClient({ endpoint })
    : new DynamoDBClient({
        endpoint,
        region: 'eu-central-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });

/** As bare as it comes: the store must not rely on how its client treats undefined members. */
export const clientFor = (endpoint: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(rawClientFor(endpoint));

let tables = 0;

export async function subjectAt(endpoint: string): Promise<StoreSubject> {
  const tableName = `contract-store-${process.pid}-${Date.now()}-${(tables += 1)}`;
  const raw = rawClientFor(endpoint);
  await ensureTable(raw, tableName);
  await ensureTable(raw, tableName);
  const client = clientFor(endpoint);
  const subject: Omit<StoreSubject, 'store'> = {
    tableName,
    snapshots: createSnapshotStore({ client, tableName }),
    open({ onCapacity, before, codeVersion = 'test' } = {}) {
      const own = clientFor(endpoint);
      own.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            await before?.(String(commandName));
            return next(args);
          },
        { step: 'initialize' },
      );
      return createTownStore({ client: own, tableName, codeVersion, onCapacity });
    },
    async remove() {
      await raw.send(new DeleteTableCommand({ TableName: tableName }));
    },
    async items(pk) {
      const found = new Map<string, Record<string, unknown>>();
      let start: Record<string, unknown> | undefined;
      for (let page = 0; page < 20; page += 1) {
        const answer = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': pk },
            ConsistentRead: true,
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        for (const item of answer.Items ?? []) found.set(String(item['sk']), item);
        start = answer.LastEvaluatedKey;
        if (start === undefined) break;
      }
      return found;
    },
    async item(pk, sk) {
      const command = new GetCommand({ TableName: tableName, Key: { pk, sk }, ConsistentRead: true });
      return (await client.send(command)).Item;
    },
    async set(pk, sk, attributes) {
      const names = Object.keys(attributes);
      const present = names.filter((name) => attributes[name] !== undefined);
      const absent = names.filter((name) => attributes[name] === undefined);
      const set = present.map((name, index) => `#${name} = :${index}`).join(', ');
      const remove = absent.map((name) => `#${name}`).join(', ');
      await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { pk, sk },
          UpdateExpression: `${set === '' ? '' : `SET ${set}`} ${remove === '' ? '' : `REMOVE ${remove}`}`,
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ...(present.length === 0
            ? {}
            : {
                ExpressionAttributeValues: Object.fromEntries(
                  present.map((name, index) => [`:${index}`, attributes[name]]),
                ),
              }),
        }),
      );
    },
  };
  return { ...subject, store: subject.open() };
}
