import { outcome } from '../../contract/store/towns.ts';
import type { Fixture } from './fixture.ts';

/** What a step leaves behind that a rule would have made break an invariant. */
export async function suspend(fixture: Fixture, townId: string, rule: string): Promise<void> {
  const town = await fixture.live(townId);
  const suspendedRules = [{ rule, since: fixture.now(), violation: 'an-invariant: not kept' }];
  await fixture.store.commit(town, outcome({ suspendedRules, dueAt: town.head.dueAt }), fixture.now());
}
