import { integrationRecord } from './record.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Integration } from '../../../core/integration.ts';
import { createIntegrationStore } from '../../../lambdas/adapters/dynamodb/integrations.ts';
import { startTable } from '../idempotency/table.ts';

const AT = Date.UTC(2026, 0, 5);
let numbers = 0;

/** A new installation each time. */
function integration(ownerId: string, also: Partial<Integration> = {}): Integration {
  numbers += 1;
  const times = { createdAt: AT + numbers, updatedAt: AT + numbers };
  return integrationRecord(numbers, ownerId, {
    account: { login: 'example', type: 'Organization' },
    ...times,
    ...also,
  });
}

describe('the store of integrations', () => {
  let table: Awaited<ReturnType<typeof startTable>>;
  let store: ReturnType<typeof createIntegrationStore>;
  beforeAll(async () => {
    table = await startTable();
    store = createIntegrationStore(table.options);
  });
  afterAll(() => table.close());

  it('gives back what was claimed, and nothing for what was not', async () => {
    const one = integration('ann');
    expect(await store.claim(one)).toBe(true);
    expect(await store.integration(one.id)).toEqual(one);
    expect(await store.integration('github-999')).toBeUndefined();
  });

  it('of two owners that claim it at once, one has it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const one = integration('bob');
      const two = { ...one, ownerId: 'cem', createdBy: 'cem' };
      const won = await Promise.all([store.claim(one), store.claim(two)]);
      expect(won.filter(Boolean)).toHaveLength(1);
      const winner = won[0] ? one : two;
      expect(await store.integration(one.id)).toEqual(winner);
      const lists = await Promise.all(['bob', 'cem'].map((owner) => store.integrationsOf(owner)));
      const having = lists.map((list) => list.some(({ id }) => id === one.id));
      expect(having).toEqual(won);
    }
  });

  it('of one owner that claims it many times at once, all have it, and it is there once', async () => {
    const one = integration('dee');
    const won = await Promise.all(Array.from({ length: 6 }, () => store.claim(one)));
    expect(won).toContain(true);
    expect(won).not.toContain(false);
    expect(await store.integrationsOf('dee')).toEqual([one]);
  });

  it('its owner renews what is known of it; nobody else does', async () => {
    const one = integration('eve');
    await store.claim(one);
    const renewed = { ...one, selection: 'selected', updatedAt: AT * 2 } as const;
    expect(await store.claim(renewed)).toBe(true);
    expect(await store.integration(one.id)).toEqual(renewed);
    expect(await store.claim({ ...one, ownerId: 'fay' })).toBe(false);
    await store.setState(one.id, 'suspended', AT * 3);
    expect(await store.claim({ ...one, ownerId: 'fay' })).toBe(false);
    expect(await store.integration(one.id)).toEqual({ ...renewed, state: 'suspended', updatedAt: AT * 3 });
  });

  it('uninstalled, it is in no list, and whoever comes first has it anew', async () => {
    const one = integration('gus');
    await store.claim(one);
    await store.setState(one.id, 'deleted', AT * 2);
    expect(await store.integrationsOf('gus')).toEqual([]);
    expect(await store.integration(one.id)).toMatchObject({ state: 'deleted' });
    const claims = ['hal', 'ida'].map((ownerId) => ({ ...one, ownerId, createdBy: ownerId }));
    const won = await Promise.all(claims.map((claim) => store.claim(claim)));
    expect(won.filter(Boolean)).toHaveLength(1);
    // The first owner's row is left, and says nothing.
    expect(await store.integrationsOf('gus')).toEqual([]);
    expect(await store.claim(one)).toBe(false);
  });

  it('what GitHub says of one that nobody has claimed makes none', async () => {
    await store.setState('github-12345', 'active', AT);
    expect(await store.integration('github-12345')).toBeUndefined();
  });

  it("lists a user's and the organisations', oldest first", async () => {
    const [mine, ours, theirs] = [integration('jan'), integration('org/jays'), integration('org/kites')];
    const older = integration('jan', { createdAt: AT - 1 });
    for (const one of [theirs, ours, mine, older]) await store.claim(one);
    expect(await store.integrationsOf('jan')).toEqual([older, mine]);
    expect(await store.integrationsOf('jan', ['jays', 'none'])).toEqual([older, mine, ours]);
    expect(await store.integrationsOf('nobody', ['kites'])).toEqual([theirs]);
  });
});
