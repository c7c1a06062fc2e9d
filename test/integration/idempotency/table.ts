import { ensureTable } from '../../../lambdas/adapters/dynamodb/table.ts';
import { startEmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { documentClient, embeddedDynamoDb } from '../../../local/embedded-clients.ts';

/** The one table on an embedded server of its own. */
export async function startTable(tableName = 'towns') {
  const server = await startEmbeddedDynamoDb();
  const raw = embeddedDynamoDb(server.endpoint);
  await ensureTable(raw, tableName);
  const client = documentClient(raw);
  return { client, tableName, options: { client, tableName }, close: () => server.close() };
}
