import type { TownConfig } from '../../../core/town/config.ts';
import { minutes, seconds } from '../../../core/town/instant.ts';
import type { TownSettings } from '../../contract/loop/world.ts';
import { ACT_NAMES, type ActName } from '../acts/all.ts';
import { FAULT_NAMES, type FaultName } from '../faults/all.ts';
import { Choices } from '../random.ts';

/** Something that happens once: an act of people, at this time after the story began. */
export interface PlannedAct {
  readonly atMs: number;
  readonly act: ActName;
  readonly town: number;
  /** What it chooses by: the same act on the same town does the same. */
  readonly seed: number;
}

/** A kind of fault, and how often it happens: the part of the calls, messages, sessions or tasks that it meets. */
export interface PlannedFault {
  readonly fault: FaultName;
  readonly rate: number;
}

/** All that a simulation needs to know; what is left out of it did not happen. */
export interface Story {
  readonly seed: number;
  readonly towns: readonly TownSettings[];
  readonly acts: readonly PlannedAct[];
  readonly faults: readonly PlannedFault[];
  /** When faults and people stop, after the beginning. */
  readonly calmAtMs: number;
  /** The part of the sessions that tell others and the town what they do. @default none */
  readonly talking?: number;
  /** Reconcilers that take each batch at once. */
  readonly reconcilers: number;
  /** Does the forge tell of changes? @default no */
  readonly isForgeTelling?: boolean;
}

const MOST_TOWNS = 2;
/** After a day without work agents go, at the next occasion. */
const LONG_IDLE_MS = minutes(25 * 60);

/** The story of a seed. */
export function storyOf(seed: number): Story {
  const choices = new Choices(seed, 'story');
  const calmAtMs = minutes(choices.int(10, 60));
  const towns = Array.from({ length: choices.chance(0.15) ? MOST_TOWNS : 1 }, () => settingsBy(choices));
  const acts = Array.from({ length: choices.int(3, 14) }, (_, place): PlannedAct => ({
    // Work comes early, or there would be little to disturb.
    atMs: place < 2 ? seconds(choices.int(0, 5)) : Math.floor(choices.number() * calmAtMs),
    act: place === 0 ? 'createConvoy' : place === 1 ? 'createBead' : choices.one(ACT_NAMES),
    town: choices.int(0, towns.length - 1),
    seed: choices.int(1, 1e9),
  }));
  if (choices.chance(0.08)) {
    const late = { act: 'createBead', town: 0, seed: choices.int(1, 1e9) } as const;
    acts.push({ ...late, atMs: LONG_IDLE_MS + seconds(choices.int(0, 3600)) });
  }
  const faults = FAULT_NAMES.filter(() => choices.chance(0.3)).map((fault): PlannedFault => ({
    fault,
    rate: choices.one([0.01, 0.03, 0.1, 0.25]),
  }));
  return {
    seed,
    towns,
    acts,
    faults,
    calmAtMs,
    reconcilers: choices.chance(0.1) ? 2 : 1,
    isForgeTelling: choices.chance(0.5),
    talking: choices.one([0, 0.2, 1]),
  };
}

/** Tight ones: a turn of a model agent costs ten tokens. */
function budgetsBy(choices: Choices): NonNullable<TownConfig['budgets']> {
  const scope = choices.one(['town', 'convoy', 'bead'] as const);
  const hardTokens = choices.one([10, 20, 40, 80]);
  return { [scope]: { softTokens: choices.int(1, hardTokens), hardTokens } };
}

function settingsBy(choices: Choices): TownSettings {
  const settings = directSettingsBy(choices);
  if (!choices.chance(0.4)) return settings;
  const { codeReview } = settings.config?.refinery ?? {};
  const refinery = {
    codeReview: codeReview ?? true,
    autoMerge: choices.chance(0.85),
    autoMergeDelayMinutes: choices.one([0, 0, 2, 10, null]),
    autoResolvePrFeedback: choices.chance(0.7),
    autoResolveMergeConflicts: choices.chance(0.7),
  };
  return {
    ...settings,
    isOnForge: true,
    config: { ...settings.config, mergeStrategy: 'pr', refinery },
  };
}

function directSettingsBy(choices: Choices): TownSettings {
  return {
    config: {
      maxPolecatsPerRig: choices.int(1, 4),
      container: { memoryGiB: choices.one([2, 4, 8]), sleepAfterMinutes: choices.one([0, 1, 5]) },
      stagedConvoysDefault: choices.chance(0.3),
      convoyMergeMode: choices.one(['review-then-land', 'review-and-merge']),
      refinery: { codeReview: choices.chance(0.7) },
      ...(choices.chance(0.3) ? { budgets: budgetsBy(choices) } : {}),
    },
    rig: {
      refinery: { gates: choices.chance(0.5) ? ['npm test'] : [] },
      maxDispatchAttempts: choices.int(1, 5),
    },
  };
}
