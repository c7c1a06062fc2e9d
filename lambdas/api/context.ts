import type { Now, TownQueue, TownStore } from '../../core/ports.ts';

export interface ApiDeps {
  readonly store: TownStore;
  readonly towns: TownQueue;
  readonly now: Now;
  readonly version: string;
  /** Local mode takes paths on this machine as git URLs; nothing else does. */
  readonly allowsLocalGitUrls: boolean;
}
