import type { Now, Secrets, TownQueue, TownStore } from '../../../core/ports.ts';
import type { FoundIntegrations } from '../integrations/access.ts';

/** What settings need. */
export interface SettingsDeps {
  readonly store: TownStore;
  readonly secrets: Secrets;
  readonly integrations: FoundIntegrations;
  readonly towns: TownQueue;
  readonly now: Now;
}
