import type { Mode } from '../simulation/simulate.ts';
import { storyOf, type Story } from '../simulation/story/story.ts';

/** What a recorded town shows; the seeds were looked for. */
export interface GoldenStory {
  readonly name: string;
  readonly mode: Mode;
  readonly story: Story;
}

const config = {
  container: { sleepAfterMinutes: 2 },
  refinery: { codeReview: true, autoMergeDelayMinutes: 2 },
};
const quiet: Omit<Story, 'seed' | 'towns' | 'acts' | 'faults'> = { calmAtMs: 600_000, reconcilers: 1 };
const begin = (seed: number) => [
  { atMs: 0, act: 'createConvoy' as const, town: 0, seed },
  { atMs: 1000, act: 'createBead' as const, town: 0, seed: seed + 1 },
];

export const GOLDEN_STORIES: readonly GoldenStory[] = [
  {
    name: 'convoy-lands',
    mode: 'liveness',
    story: { ...quiet, seed: 1, towns: [{ config }], acts: begin(11), faults: [] },
  },
  {
    name: 'pull-requests',
    mode: 'liveness',
    story: {
      ...quiet,
      seed: 2,
      towns: [{ isOnForge: true, config: { ...config, mergeStrategy: 'pr' } }],
      acts: begin(22),
      faults: [
        { fault: 'reviewersObject', rate: 0.25 },
        { fault: 'forgeFails', rate: 0.1 },
      ],
      isForgeTelling: true,
    },
  },
  {
    name: 'failures-and-losses',
    mode: 'liveness',
    story: {
      ...quiet,
      seed: 3,
      towns: [{ config: { ...config, maxPolecatsPerRig: 2 } }],
      acts: [
        ...begin(33),
        { atMs: 120_000, act: 'cancelBead', town: 0, seed: 5 },
        { atMs: 240_000, act: 'reopenBead', town: 0, seed: 6 },
      ],
      faults: [
        { fault: 'taskKilled', rate: 0.25 },
        { fault: 'gateFails', rate: 0.25 },
        { fault: 'agentLies', rate: 0.25 },
        { fault: 'killed', rate: 0.03 },
      ],
    },
  },
  {
    name: 'mayor-budgets-and-people',
    mode: 'liveness',
    story: {
      ...quiet,
      seed: 4,
      towns: [{ config: { ...config, budgets: { bead: { softTokens: 10, hardTokens: 20 } } } }],
      acts: [
        ...begin(44),
        { atMs: 5000, act: 'writeToMayor', town: 0, seed: 1 },
        { atMs: 60_000, act: 'pause', town: 0, seed: 2 },
        { atMs: 120_000, act: 'resume', town: 0, seed: 3 },
        { atMs: 150_000, act: 'nudgeAgent', town: 0, seed: 4 },
        { atMs: 200_000, act: 'changeSettings', town: 0, seed: 5 },
        { atMs: 300_000, act: 'resetAgent', town: 0, seed: 6 },
        { atMs: 400_000, act: 'writeToMayor', town: 0, seed: 7 },
      ],
      faults: [{ fault: 'agentFloods', rate: 0.1 }],
    },
  },
  {
    name: 'everything-at-once',
    mode: 'liveness',
    story: { ...storyOf(77), towns: storyOf(77).towns.slice(0, 1) },
  },
];
