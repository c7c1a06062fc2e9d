import type { OutboxRow } from '../../../core/effects.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { outboxKey } from './keys.ts';
import { parseOutboxRow } from './live-range.ts';
import type { TownTable } from './town-table.ts';

export async function readOutboxRow(
  table: TownTable,
  townId: string,
  key: string,
): Promise<OutboxRow | undefined> {
  const item = await table.get('outboxRow', outboxKey(townId, key));
  return item === undefined ? undefined : parseOutboxRow(item);
}

/**
 * One conditional write, so of any number of workers one gets the claim. Rules never read claims: the head is not bumped. Should
 * the answer be lost, the repeated call meets its own claim and says false: the effect waits until the claim is over.
 */
export const claimOutbox = (
  table: TownTable,
  townId: string,
  key: string,
  now: Instant,
  until: Instant,
): Promise<boolean> =>
  table.write('claimOutbox', {
    op: 'update',
    key: outboxKey(townId, key),
    update: { set: { claimedUntil: until } },
    condition: {
      text: 'attribute_exists(#pk) AND (attribute_not_exists(#claimedUntil) OR #claimedUntil <= :now)',
      values: { ':now': now },
    },
  });

/** A row that is gone needs no release, and a claim that another worker holds by now is not this one's to release. */
export async function releaseOutbox(
  table: TownTable,
  townId: string,
  key: string,
  claimedUntil: Instant,
): Promise<void> {
  await table.write('releaseOutbox', {
    op: 'update',
    key: outboxKey(townId, key),
    update: { remove: ['claimedUntil'] },
    condition: { text: '#claimedUntil = :mine', values: { ':mine': claimedUntil } },
  });
}
