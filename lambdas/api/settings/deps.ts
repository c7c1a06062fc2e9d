import type { Now, Secrets, TownQueue, TownStore } from '../../../core/ports.ts';

/** What settings need. */
export interface SettingsDeps {
  readonly store: TownStore;
  readonly secrets: Secrets;
  readonly towns: TownQueue;
  readonly now: Now;
}
