import type { AgentRole } from '../../protocol/report.ts';
import type { Limits } from './budgets.ts';
import { modelsFor } from './models.ts';
import type { MergeMode } from './merge-mode.ts';
import type { RigConfig } from './rig.ts';
import type { TownConfig } from './town.ts';

/** What the rules ask of a rig's settings. */
export interface EffectiveConfig {
  readonly gates: readonly string[];
  readonly gateTimeoutSeconds: number;
  readonly codeReview: boolean;
  readonly convoyMergeMode: MergeMode;
  readonly maxPolecats: number;
  readonly maxDispatchAttempts: number;
  readonly mergeStrategy: 'direct' | 'pr';
  readonly autoMerge: boolean;
  /** Undefined: people merge it. */
  readonly autoMergeDelayMs: number | undefined;
  readonly autoResolvePrFeedback: boolean;
  readonly autoResolveMergeConflicts: boolean;
}

/** What holds for a rig: the rig's own value, else the town's, else the default. */
export function effectiveConfig(town: TownConfig, rig: RigConfig): EffectiveConfig {
  const { refinery, maxConcurrentPolecats, ...settings } = effectiveRigSettings(town, rig);
  const { convoyMergeMode, maxDispatchAttempts, mergeStrategy } = settings;
  const { gates, gateTimeoutSeconds, codeReview, autoMerge, autoMergeDelayMinutes: delay } = refinery;
  const { autoResolvePrFeedback, autoResolveMergeConflicts } = refinery;
  return {
    gates,
    gateTimeoutSeconds,
    codeReview,
    convoyMergeMode,
    maxPolecats: maxConcurrentPolecats,
    maxDispatchAttempts,
    mergeStrategy,
    autoMerge,
    autoMergeDelayMs: delay === null ? undefined : delay * 60_000,
    autoResolvePrFeedback,
    autoResolveMergeConflicts,
  };
}

const DEFAULT_POLECATS = 3;
const DEFAULT_DISPATCH_ATTEMPTS = 5;
const DEFAULT_SLEEP_MINUTES = 5;
const DEFAULT_MEMORY_GIB = 8;
/** Source: gitlab.com is GitLab's own instance. */
const GITLAB = 'https://gitlab.com';

/** The refinery's settings: of the first that has a value, else the default. */
function effectiveRefinery(...layers: readonly (TownConfig['refinery'] | undefined)[]) {
  type Refinery = NonNullable<TownConfig['refinery']>;
  const first = <K extends keyof Refinery>(key: K): Refinery[K] =>
    layers.find((layer) => layer?.[key] !== undefined)?.[key];
  return {
    gates: first('gates') ?? [],
    gateTimeoutSeconds: first('gateTimeoutSeconds') ?? 900,
    codeReview: first('codeReview') ?? true,
    autoMerge: first('autoMerge') ?? true,
    autoMergeDelayMinutes: first('autoMergeDelayMinutes') ?? null,
    reviewMode: first('reviewMode') ?? 'rework',
    autoResolvePrFeedback: first('autoResolvePrFeedback') ?? false,
    autoResolveMergeConflicts: first('autoResolveMergeConflicts') ?? true,
  };
}

const effectiveLimits = (limits: Limits = {}) => ({
  softTokens: limits.softTokens ?? null,
  hardTokens: limits.hardTokens ?? null,
  softCostUsd: limits.softCostUsd ?? null,
  hardCostUsd: limits.hardCostUsd ?? null,
  softContainerMinutes: limits.softContainerMinutes ?? null,
  hardContainerMinutes: limits.hardContainerMinutes ?? null,
});

/** A town's settings with every default; null where there is nothing and no default. Without secrets. */
export function effectiveTownSettings(town: TownConfig) {
  const { model, gitAuth, container, customInstructions } = town;
  const small = modelsFor('mayor', town).smallModel ?? null;
  return {
    defaultModel: town.defaultModel ?? null,
    smallModel: small,
    roleModels: {
      mayor: modelsFor('mayor', town).model ?? null,
      refinery: modelsFor('refinery', town).model ?? null,
      polecat: modelsFor('polecat', town).model ?? null,
    },
    model: {
      provider: model?.provider ?? null,
      baseUrl: model?.baseUrl ?? null,
      region: model?.region ?? null,
    },
    budgets: {
      town: effectiveLimits(town.budgets?.town),
      convoy: effectiveLimits(town.budgets?.convoy),
      bead: effectiveLimits(town.budgets?.bead),
    },
    maxPolecatsPerRig: town.maxPolecatsPerRig ?? DEFAULT_POLECATS,
    mergeStrategy: town.mergeStrategy ?? 'direct',
    refinery: effectiveRefinery(town.refinery),
    stagedConvoysDefault: town.stagedConvoysDefault ?? false,
    convoyMergeMode: town.convoyMergeMode ?? 'review-then-land',
    gitAuthorName: town.gitAuthorName ?? null,
    gitAuthorEmail: town.gitAuthorEmail ?? null,
    disableAiCoauthor: town.disableAiCoauthor ?? false,
    customInstructions: {
      polecat: customInstructions?.polecat ?? null,
      refinery: customInstructions?.refinery ?? null,
      mayor: customInstructions?.mayor ?? null,
    },
    container: {
      sleepAfterMinutes: container?.sleepAfterMinutes ?? DEFAULT_SLEEP_MINUTES,
      memoryGiB: container?.memoryGiB ?? DEFAULT_MEMORY_GIB,
    },
    gitAuth: {
      gitlabInstanceUrl: gitAuth?.gitlabInstanceUrl ?? GITLAB,
      platformIntegrationId: gitAuth?.platformIntegrationId ?? null,
    },
  } as const;
}
export type EffectiveTownSettings = ReturnType<typeof effectiveTownSettings>;

/** What holds for one rig, with every default; null where there is nothing and no default. */
export function effectiveRigSettings(town: TownConfig, rig: RigConfig) {
  const ofTown = effectiveTownSettings(town);
  return {
    defaultModel: rig.defaultModel ?? ofTown.defaultModel,
    roleModels: {
      refinery: modelsFor('refinery', town, rig).model ?? null,
      polecat: modelsFor('polecat', town, rig).model ?? null,
    },
    maxConcurrentPolecats: rig.maxConcurrentPolecats ?? ofTown.maxPolecatsPerRig,
    maxDispatchAttempts: rig.maxDispatchAttempts ?? DEFAULT_DISPATCH_ATTEMPTS,
    mergeStrategy: rig.mergeStrategy ?? ofTown.mergeStrategy,
    convoyMergeMode: rig.convoyMergeMode ?? ofTown.convoyMergeMode,
    refinery: effectiveRefinery(rig.refinery, town.refinery),
    customInstructions: {
      polecat: instructionsOf('polecat', town, rig) ?? null,
      refinery: instructionsOf('refinery', town, rig) ?? null,
    },
  } as const;
}
export type EffectiveRigSettings = ReturnType<typeof effectiveRigSettings>;

/** What people want of a role: of the town, then of the rig. Undefined: nothing beside its work, which is all that triage has. */
export function instructionsOf(role: AgentRole, town: TownConfig, rig: RigConfig = {}): string | undefined {
  if (role === 'triage') return undefined;
  const ofRig = role === 'mayor' ? undefined : rig.customInstructions?.[role];
  const given = [town.customInstructions?.[role], ofRig].filter(
    (text) => text !== undefined && text.trim() !== '',
  );
  return given.length === 0 ? undefined : given.join('\n\n');
}

/** Idle time before the container is drained, in milliseconds. */
export const sleepAfterMs = (town: TownConfig): number =>
  effectiveTownSettings(town).container.sleepAfterMinutes * 60_000;

/** When a container is lost, all its agents are released in one commit: more of them would not fit. */
const MOST_SLOTS = 20;

/** Agents that fit in the task at once: one GiB each, one GiB for the supervisor, one slot kept for the mayor. */
export const agentSlots = (town: TownConfig): number =>
  Math.min(MOST_SLOTS, Math.max(1, Math.floor(effectiveTownSettings(town).container.memoryGiB - 1) - 1));
