import { afterAll, beforeAll, describe } from 'vitest';
import { capacityConformance } from './capacity.ts';
import { clientsFor, createTable, tableName, type Clients } from './clients.ts';
import { itemConformance } from './items.ts';
import { queryConformance } from './queries.ts';
import { tableConformance } from './tables.ts';
import { transactionConformance } from './transactions.ts';

/** A table of the endpoint under test. Its tests use partitions of their own. */
export interface Subject extends Clients {
  readonly table: string;
}

/**
 * What our adapters rely on in DynamoDB, for any server that speaks its protocol. `getEndpoint` is called before the first
 * test.
 */
export function dynamoDbConformance(getEndpoint: () => string): void {
  let subject: Subject | undefined;
  const getSubject = (): Subject => {
    if (!subject) throw new Error('the table is made before the first test');
    return subject;
  };
  beforeAll(async () => {
    const clients = clientsFor(getEndpoint());
    subject = { ...clients, table: await createTable(clients.raw, tableName('conformance')) };
  });
  afterAll(() => subject?.raw.destroy());

  describe('items', () => {
    itemConformance(getSubject);
  });
  describe('queries', () => {
    queryConformance(getSubject);
  });
  describe('transactions', () => {
    transactionConformance(getSubject);
  });
  describe('consumed capacity', () => {
    capacityConformance(getSubject);
  });
  describe('tables', () => {
    tableConformance(getSubject);
  });
}
