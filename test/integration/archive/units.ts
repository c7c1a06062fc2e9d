import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Request units of DynamoDB. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

/** Counts what all calls of a client use, as the service says it. */
export function countUnits(client: DynamoDBDocumentClient) {
  let [read, write] = [0, 0];
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const result = await next(args);
        const { ConsumedCapacity: said = [] } = result.output as {
          ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
        };
        const units = [said].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
        if (/Get|Query|Scan/.test(String(commandName))) read += units;
        else write += units;
        return result;
      },
    { step: 'initialize' },
  );
  return {
    /** What `doing` uses, as long as nothing else is going on. */
    async of<T>(doing: () => Promise<T>): Promise<{ result: T; units: Units }> {
      const before = { read, write };
      const result = await doing();
      return { result, units: { read: read - before.read, write: write - before.write } };
    },
  };
}
