import type { TownConfig } from './town.ts';

/**
 * Written once, when a town is made: what new towns should do although towns that were made before it go on as they were. A
 * default would change those, too.
 */
export const TOWN_SEED = {
  mergeStrategy: 'pr',
  refinery: {
    gates: [],
    codeReview: true,
    autoMerge: true,
    autoMergeDelayMinutes: 5,
    reviewMode: 'comments',
    autoResolvePrFeedback: true,
  },
  stagedConvoysDefault: true,
} as const satisfies {
  readonly [K in keyof TownConfig]: TownConfig[K] extends infer V ? DeepReadonly<V> : never;
};

type DeepReadonly<T> = T extends readonly (infer Member)[]
  ? readonly DeepReadonly<Member>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The settings of a new town: the seeds, and over them what its creator gave. */
export function seededConfig(given: TownConfig = {}): TownConfig {
  const { gates, ...refinery } = TOWN_SEED.refinery;
  return { ...TOWN_SEED, ...given, refinery: { gates: [...gates], ...refinery, ...given.refinery } };
}
