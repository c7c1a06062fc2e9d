import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { createTable, tableName } from './clients.ts';
import type { Subject } from './conformance.ts';

export function tableConformance(getSubject: () => Subject): void {
  it('describes and lists a table, and refuses a second one of its name', async () => {
    const { raw, table } = getSubject();
    const { Table } = await raw.send(new DescribeTableCommand({ TableName: table }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexStatus }) => IndexStatus)).toEqual([
      'ACTIVE',
      'ACTIVE',
      'ACTIVE',
    ]);
    const { TableNames } = await raw.send(new ListTablesCommand({}));
    expect(TableNames).toContain(table);
    const again = new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    });
    await expect(raw.send(again)).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  it('remembers time to live and point-in-time recovery', async () => {
    const { raw, table: TableName } = getSubject();
    const timeToLive = async () =>
      (await raw.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
    const recovery = async () =>
      (await raw.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription
        ?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    expect([await timeToLive(), await recovery()]).toEqual([{ TimeToLiveStatus: 'DISABLED' }, 'DISABLED']);
    const enable = new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
    await raw.send(enable);
    await expect(raw.send(enable)).rejects.toThrow('already enabled');
    await raw.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    expect(await timeToLive()).toMatchObject({ AttributeName: 'ttl' });
    expect(await recovery()).toBe('ENABLED');
  });

  it('deletes a table with its items and indexes', async () => {
    const { raw, doc } = getSubject();
    const TableName = await createTable(raw, tableName('deleted'));
    const Item = { pk: '1', sk: '1', group: 'g', rank: '1' };
    await doc.send(new PutCommand({ TableName, Item }));
    await raw.send(new DeleteTableCommand({ TableName }));
    await waitUntilTableNotExists({ client: raw, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName });
    await expect(doc.send(new PutCommand({ TableName, Item }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await createTable(raw, TableName);
    const found = await doc.send(new GetCommand({ TableName, Key: { pk: '1', sk: '1' } }));
    const indexed = await doc.send(
      new QueryCommand({
        TableName,
        IndexName: 'byGroup',
        KeyConditionExpression: '#g = :g',
        ExpressionAttributeNames: { '#g': 'group' },
        ExpressionAttributeValues: { ':g': 'g' },
      }),
    );
    expect([found.Item, indexed.Items]).toEqual([undefined, []]);
  });
}
