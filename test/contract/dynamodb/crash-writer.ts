import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { startEmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { clientsFor } from './clients.ts';

/** Transactions under way at a time, so that a kill hits some of them in the middle. */
const WRITERS = 4;
const MAX_TRANSACTIONS = 100_000;

/** Nine items of its own, in an index too, and one more on the counter of all. */
export function crashTransaction(TableName: string, id: string): TransactWriteCommandInput {
  // Large enough that a good part of the time is spent on writing.
  const text = 'x'.repeat(4000);
  const items = Array.from({ length: 9 }, (_, number) => ({
    Put: {
      TableName,
      Item: { pk: `TX#${id}`, sk: String(number), group: `G#${id}`, rank: String(number), text },
    },
  }));
  const counter = {
    Update: {
      TableName,
      Key: { pk: 'COUNTER', sk: '0' },
      UpdateExpression: 'ADD committed :one',
      ExpressionAttributeValues: { ':one': 1 },
    },
  };
  return { ClientRequestToken: `token-${id}`, TransactItems: [...items, counter] };
}

/** Run as `crash-writer.ts <directory> <table> <round>`: writes until it is killed and says what it begins and what is committed. */
async function main([path, table, round]: readonly string[]): Promise<void> {
  if (!path || !table || !round) throw new Error('usage: crash-writer.ts <directory> <table> <round>');
  const { endpoint } = await startEmbeddedDynamoDb({ path });
  const { doc } = clientsFor(endpoint);
  let next = 0;
  async function write(): Promise<void> {
    while (next < MAX_TRANSACTIONS) {
      next += 1;
      const id = `${round}-${next}`;
      process.stdout.write(`begin ${id}\n`);
      await doc.send(new TransactWriteCommand(crashTransaction(table ?? '', id)));
      process.stdout.write(`committed ${id}\n`);
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write));
}

if (import.meta.main) await main(process.argv.slice(2));
