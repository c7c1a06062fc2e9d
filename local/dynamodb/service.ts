import type { Database } from './database.ts';
import type { WriteLock } from './lock.ts';
import { batchGetItem, getItem, readPage } from './read-operations.ts';
import { ServiceError } from './service-error.ts';
import { changeTable, describeTable, listTables } from './table-operations.ts';
import {
  describeContinuousBackups,
  describeTimeToLive,
  updateContinuousBackups,
  updateTimeToLive,
} from './table-settings.ts';
import { transactGetItems } from './transact-get.ts';
import { transactWriteItems } from './transact-write.ts';
import type { TransactionTokens } from './transaction-tokens.ts';
import type { Body } from './wire.ts';
import { batchWriteItem, writeItem } from './write-operations.ts';

/** Answers one request by its operation's name. Rejects with ServiceError, or with an unexpected error. */
export type Service = (operation: string, body: Body) => Promise<Body>;

export function createService(database: Database, lock: WriteLock, tokens: TransactionTokens): Service {
  return async (operation, body) => {
    switch (operation) {
      case 'GetItem':
        return getItem(database, body);
      case 'BatchGetItem':
        return batchGetItem(database, body);
      case 'Query':
      case 'Scan':
        return readPage(database, operation, body);
      case 'TransactGetItems':
        return transactGetItems(database, lock, body);
      case 'PutItem':
      case 'UpdateItem':
      case 'DeleteItem':
        return writeItem(database, lock, operation, body);
      case 'BatchWriteItem':
        return batchWriteItem(database, lock, body);
      case 'TransactWriteItems':
        return transactWriteItems(database, lock, tokens, body);
      case 'CreateTable':
      case 'DeleteTable':
      case 'UpdateTable':
        return changeTable(database, lock, operation, body);
      case 'DescribeTable':
        return describeTable(database, body);
      case 'ListTables':
        return listTables(database, body);
      case 'UpdateTimeToLive':
        return updateTimeToLive(database, lock, body);
      case 'DescribeTimeToLive':
        return describeTimeToLive(database, body);
      case 'UpdateContinuousBackups':
        return updateContinuousBackups(database, lock, body);
      case 'DescribeContinuousBackups':
        return describeContinuousBackups(database, body);
      default:
        throw new ServiceError(
          'com.amazon.coral.service#UnknownOperationException',
          `${operation} is not supported`,
        );
    }
  };
}
