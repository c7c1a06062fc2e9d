import * as z from 'zod';

/**
 * Settings as people wrote them: only what was set. Names and grouping are the reference's, in camelCase. Every default
 * stands once, in `effectiveConfig`.
 */
const refinerySettings = z.object({
  /** Shell commands that must pass on the trial merge of every merge request. */
  gates: z.array(z.string().min(1).max(2000)).max(20).optional(),
  gateTimeoutSeconds: z.number().int().min(1).max(7200).optional(),
  /** False: no review by an agent; gates alone decide. */
  codeReview: z.boolean().optional(),
});

export const mergeMode = z.enum(['review-then-land', 'review-and-merge']);
export type MergeMode = z.infer<typeof mergeMode>;

export const rigConfigSchema = z.object({
  refinery: refinerySettings.optional(),
  convoyMergeMode: mergeMode.optional(),
  maxConcurrentPolecats: z.number().int().min(1).max(50).optional(),
  maxDispatchAttempts: z.number().int().min(1).max(100).optional(),
});
export type RigConfig = z.infer<typeof rigConfigSchema>;

export const townConfigSchema = z.object({
  refinery: refinerySettings.optional(),
  convoyMergeMode: mergeMode.optional(),
  stagedConvoysDefault: z.boolean().optional(),
  maxPolecatsPerRig: z.number().int().min(1).max(50).optional(),
  container: z
    .object({
      /** Minutes without runnable work before the container stops; fractions and 0 are allowed. */
      sleepAfterMinutes: z.number().min(0).max(120).optional(),
      /** Memory of the task; admission of agents is computed from it. */
      memoryGiB: z.number().int().min(2).max(120).optional(),
    })
    .optional(),
});
export type TownConfig = z.infer<typeof townConfigSchema>;

export interface EffectiveConfig {
  readonly gates: readonly string[];
  readonly gateTimeoutSeconds: number;
  readonly codeReview: boolean;
  readonly convoyMergeMode: MergeMode;
  readonly maxPolecats: number;
  readonly maxDispatchAttempts: number;
}

/** What holds for a rig: the rig's own value, else the town's, else the default. */
export function effectiveConfig(town: TownConfig, rig: RigConfig): EffectiveConfig {
  return {
    gates: rig.refinery?.gates ?? town.refinery?.gates ?? [],
    gateTimeoutSeconds: rig.refinery?.gateTimeoutSeconds ?? town.refinery?.gateTimeoutSeconds ?? 900,
    codeReview: rig.refinery?.codeReview ?? town.refinery?.codeReview ?? true,
    convoyMergeMode: rig.convoyMergeMode ?? town.convoyMergeMode ?? 'review-then-land',
    maxPolecats: rig.maxConcurrentPolecats ?? town.maxPolecatsPerRig ?? 3,
    maxDispatchAttempts: rig.maxDispatchAttempts ?? 5,
  };
}

/** Idle time before the container is drained, in milliseconds. */
export const sleepAfterMs = (town: TownConfig): number => (town.container?.sleepAfterMinutes ?? 5) * 60_000;

/** When a container is lost, all its agents are released in one commit: more of them would not fit. */
const MOST_SLOTS = 24;

/** Agents that fit in the task at once: one GiB each, one GiB for the supervisor, one slot kept for the mayor. */
export const agentSlots = (town: TownConfig): number =>
  Math.min(MOST_SLOTS, Math.max(1, Math.floor((town.container?.memoryGiB ?? 8) - 1) - 1));
