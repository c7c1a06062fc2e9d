export type MergeMethod = 'merge' | 'squash' | 'rebase';
export const MERGE_METHODS: readonly MergeMethod[] = ['merge', 'squash', 'rebase'];

/** What a branch wants of a pull request before it is merged. */
export interface Protection {
  /** Approvals of people who may write. @default 0 */
  readonly requiredApprovals: number;
  /** Approvals of what was there before a push count no more. @default false */
  readonly dismissesStaleApprovals: boolean;
  /** Names of check runs or contexts of statuses. @default none */
  readonly requiredChecks: readonly string[];
  /** The head must have all commits of the base ("strict"). @default false */
  readonly requiresUpToDate: boolean;
  /** @default false */
  readonly requiresConversationResolution: boolean;
  /** Nobody merges but the queue. @default false */
  readonly requiresMergeQueue: boolean;
  /** Besides what the repository allows. @default all */
  readonly allowedMergeMethods: readonly MergeMethod[];
}

export const NO_RULES: Protection = {
  requiredApprovals: 0,
  dismissesStaleApprovals: false,
  requiredChecks: [],
  requiresUpToDate: false,
  requiresConversationResolution: false,
  requiresMergeQueue: false,
  allowedMergeMethods: MERGE_METHODS,
};
