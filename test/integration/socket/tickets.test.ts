import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStreamTickets, type StreamGrant } from '../../../lambdas/adapters/dynamodb/tickets.ts';
import { startTable } from '../idempotency/table.ts';

const town: StreamGrant = { userId: 'u', townId: 't', topic: 'town' };
const agent: StreamGrant = { userId: 'u', townId: 't', topic: 'agent', agentId: 'a' };

describe('stream tickets', () => {
  let table: Awaited<ReturnType<typeof startTable>>;
  beforeAll(async () => {
    table = await startTable();
  });
  afterAll(() => table.close());
  const clock = { now: Date.UTC(2026, 0, 1) };
  const tickets = () => createStreamTickets(table.options, () => clock.now);

  it('are good once, for what they were given for', async () => {
    for (const grant of [town, agent]) {
      const { ticket, expiresAt } = await tickets().issueTicket(grant);
      expect(expiresAt).toBe(clock.now + 60_000);
      expect(ticket).toBe(encodeURIComponent(ticket));
      expect(await tickets().redeemTicket(ticket)).toEqual(grant);
      expect(await tickets().redeemTicket(ticket)).toBeUndefined();
    }
  });

  it('of many that come with one ticket at once, one gets in', async () => {
    const { ticket } = await tickets().issueTicket(town);
    const redeemed = await Promise.all(Array.from({ length: 15 }, () => tickets().redeemTicket(ticket)));
    expect(redeemed.filter((grant) => grant !== undefined)).toEqual([town]);
  });

  it.each([
    [59_999, town],
    [60_000, undefined],
    [3_600_000, undefined],
  ])('after %d ms → %o, whether or not the item has been swept', async (waitMs, expected) => {
    const { ticket } = await tickets().issueTicket(town);
    clock.now += waitMs;
    expect(await tickets().redeemTicket(ticket)).toEqual(expected);
  });

  it.each(['', 'x', 'A'.repeat(43), 'A'.repeat(5000), '../../etc', '%00'])(
    '%s is no ticket',
    async (text) => {
      expect(await tickets().redeemTicket(text)).toBeUndefined();
    },
  );

  it('cannot be read from the table', async () => {
    const { ticket } = await tickets().issueTicket(town);
    const { Items } = await table.client.send(new ScanCommand({ TableName: table.tableName }));
    expect(Items?.length).toBeGreaterThan(0);
    expect(JSON.stringify(Items)).not.toContain(ticket);
  });
});
