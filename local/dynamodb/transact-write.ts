import { dynalite } from './dynalite.ts';
import {
  consumedCapacity,
  mergeUsages,
  transactionalReadUnits,
  writeUsage,
  type ItemChange,
  type ReturnConsumedCapacity,
  type Usage,
} from './capacity.ts';
import { getTable, type Database } from './database.ts';
import { DistinctItems } from './distinct-items.ts';
import { assertTransactionSize } from './item-size.ts';
import type { WriteLock } from './lock.ts';
import { ServiceError } from './service-error.ts';
import { stageCheck, stageWrite, type StagedWrite } from './staged-write.ts';
import { fingerprintOf, type TransactionTokens } from './transaction-tokens.ts';
import { parseTransactWrite, type TransactionWrite } from './transaction-request.ts';
import type { Body } from './wire.ts';
import { WriteBatch } from './write-batch.ts';
import { keyOf } from './write-operations.ts';

/**
 * All operations, their index entries and the client's token are one LevelDB batch under the write lock: committed whole or
 * not at all, also when the process is killed. Transactions wait for each other, so none is cancelled for a conflict.
 */
export async function transactWriteItems(
  database: Database,
  lock: WriteLock,
  tokens: TransactionTokens,
  body: Body,
): Promise<Body> {
  const { writes, parameters, token, capacity } = parseTransactWrite(body);
  const fingerprint = fingerprintOf(parameters);
  return lock.run(async () => {
    const readsOfRepeat = token === undefined ? undefined : tokens.check(token, fingerprint);
    if (readsOfRepeat) return answer(capacity, () => readsOfRepeat, 'ReadCapacityUnits');

    const batch = new WriteBatch();
    const changes = await stageAll(database, batch, writes);
    const finish =
      token === undefined
        ? undefined
        : tokens.stage(batch, token, fingerprint, mergeUsages(changes.map(readUsage)));
    await batch.commit(database.level);
    finish?.();
    const usages = (): Usage[] => changes.map((change) => writeUsage(change, { isTransactional: true }));
    return answer(capacity, usages, 'WriteCapacityUnits');
  });
}

function answer(
  capacity: ReturnConsumedCapacity,
  countUsages: () => readonly Usage[],
  unit: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): Body {
  return { ConsumedCapacity: consumedCapacity(capacity, countUsages, unit) };
}

/** A repeated token costs reading the items. Source: "Idempotency" in the developer guide's transaction chapter. */
function readUsage({ table, after }: ItemChange): Usage {
  return { tableName: table.TableName, tableUnits: transactionalReadUnits(after), indexUnits: {} };
}

async function stageAll(
  database: Database,
  batch: WriteBatch,
  writes: readonly TransactionWrite[],
): Promise<ItemChange[]> {
  const distinct = new DistinctItems('Transaction request cannot include multiple operations on one item');
  const changes: ItemChange[] = [];
  const reasons: Body[] = [];
  for (const { action, request, showsItemOnFailure } of writes) {
    const table = await getTable(database, request.TableName);
    const write = { table, primaryKey: keyOf(table, action, request), request };
    const staged =
      action === 'ConditionCheck'
        ? await stageCheck(database, write)
        : await stageWrite(database, batch, { ...write, action });
    // A key that does not fit its table is that operation's reason, and comparable with no other.
    if (!dynalite.validateKey(write.primaryKey, table)) distinct.add(write);
    reasons.push(reasonOf(staged, showsItemOnFailure));
    if (staged.kind === 'staged') changes.push(staged.change);
  }
  if (changes.length < writes.length) throw cancelled(reasons);
  assertTransactionSize(changes.map(({ before, after }) => after ?? before));
  return changes;
}

function reasonOf(staged: StagedWrite, showsItemOnFailure: boolean): Body {
  if (staged.kind === 'staged') return { Code: 'None' };
  const { error, before } = staged;
  switch (error.shortName) {
    case 'ConditionalCheckFailedException':
      return {
        Code: 'ConditionalCheckFailed',
        Message: error.message,
        ...(showsItemOnFailure && before ? { Item: before } : {}),
      };
    case 'ValidationException':
      return { Code: 'ValidationError', Message: error.message };
    default:
      throw error;
  }
}

function cancelled(reasons: readonly Body[]): ServiceError {
  const codes = reasons.map(({ Code }) => String(Code)).join(', ');
  return ServiceError.of(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}
