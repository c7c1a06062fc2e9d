import { expect, test } from 'vitest';
import {
  agentSlots,
  effectiveConfig,
  type RigConfig,
  rigConfigSchema,
  sleepAfterMs,
  type TownConfig,
  townConfigSchema,
} from '../../../core/town/config.ts';

const DEFAULTS = {
  gates: [],
  gateTimeoutSeconds: 900,
  codeReview: true,
  convoyMergeMode: 'review-then-land',
  maxPolecats: 3,
  maxDispatchAttempts: 5,
  mergeStrategy: 'direct',
  autoMerge: true,
  autoMergeDelayMs: undefined,
  autoResolvePrFeedback: false,
  autoResolveMergeConflicts: true,
};

test('nothing set: the defaults', () => {
  expect(effectiveConfig({}, {})).toEqual(DEFAULTS);
});

const PRECEDENCE: readonly {
  key: string;
  town: TownConfig;
  rig: RigConfig;
  ofTown: unknown;
  ofRig: unknown;
}[] = [
  {
    key: 'gates',
    town: { refinery: { gates: ['a'] } },
    rig: { refinery: { gates: [] } },
    ofTown: ['a'],
    ofRig: [],
  },
  {
    key: 'gateTimeoutSeconds',
    town: { refinery: { gateTimeoutSeconds: 10 } },
    rig: { refinery: { gateTimeoutSeconds: 20 } },
    ofTown: 10,
    ofRig: 20,
  },
  {
    key: 'codeReview',
    town: { refinery: { codeReview: true } },
    rig: { refinery: { codeReview: false } },
    ofTown: true,
    ofRig: false,
  },
  {
    key: 'convoyMergeMode',
    town: { convoyMergeMode: 'review-and-merge' },
    rig: { convoyMergeMode: 'review-then-land' },
    ofTown: 'review-and-merge',
    ofRig: 'review-then-land',
  },
  {
    key: 'maxPolecats',
    town: { maxPolecatsPerRig: 7 },
    rig: { maxConcurrentPolecats: 1 },
    ofTown: 7,
    ofRig: 1,
  },
  {
    key: 'mergeStrategy',
    town: { mergeStrategy: 'direct' },
    rig: { mergeStrategy: 'pr' },
    ofTown: 'direct',
    ofRig: 'pr',
  },
  {
    key: 'autoMerge',
    town: { refinery: { autoMerge: true } },
    rig: { refinery: { autoMerge: false } },
    ofTown: true,
    ofRig: false,
  },
  {
    key: 'autoMergeDelayMs',
    town: { refinery: { autoMergeDelayMinutes: 5 } },
    rig: { refinery: { autoMergeDelayMinutes: null } },
    ofTown: 300_000,
    ofRig: undefined,
  },
  {
    key: 'autoResolvePrFeedback',
    town: { refinery: { autoResolvePrFeedback: false } },
    rig: { refinery: { autoResolvePrFeedback: true } },
    ofTown: false,
    ofRig: true,
  },
  {
    key: 'autoResolveMergeConflicts',
    town: { refinery: { autoResolveMergeConflicts: true } },
    rig: { refinery: { autoResolveMergeConflicts: false } },
    ofTown: true,
    ofRig: false,
  },
];

test.each(PRECEDENCE)(
  '$key: the rig’s own, else the town’s, else the default',
  ({ key, town, rig, ofTown, ofRig }) => {
    expect(effectiveConfig(town, {})).toEqual({ ...DEFAULTS, [key]: ofTown });
    expect(effectiveConfig({}, rig)).toEqual({ ...DEFAULTS, [key]: ofRig });
    expect(effectiveConfig(town, rig)).toEqual({ ...DEFAULTS, [key]: ofRig });
  },
);

test('the number of attempts is the rig’s alone', () => {
  expect(effectiveConfig({}, { maxDispatchAttempts: 2 }).maxDispatchAttempts).toBe(2);
});

test('one part of a group set does not hide the other parts', () => {
  const town = { refinery: { gates: ['a'], codeReview: false } };
  const rig = { refinery: { gateTimeoutSeconds: 5 } };
  expect(effectiveConfig(town, rig)).toMatchObject({
    gates: ['a'],
    codeReview: false,
    gateTimeoutSeconds: 5,
  });
});

test.each([
  { minutes: undefined, ms: 300_000 },
  { minutes: 0, ms: 0 },
  { minutes: 0.5, ms: 30_000 },
])('idle for $minutes minutes is $ms ms', ({ minutes, ms }) => {
  expect(sleepAfterMs({ container: { sleepAfterMinutes: minutes } })).toBe(ms);
});

test.each([
  { memoryGiB: undefined, slots: 6 },
  { memoryGiB: 2, slots: 1 },
  { memoryGiB: 3, slots: 1 },
  { memoryGiB: 4, slots: 2 },
  { memoryGiB: 16, slots: 14 },
])('$memoryGiB GiB hold $slots agents beside the supervisor and the mayor', ({ memoryGiB, slots }) => {
  expect(agentSlots({ container: { memoryGiB } })).toBe(slots);
});

test.each([
  [rigConfigSchema, { maxConcurrentPolecats: 0 }],
  [rigConfigSchema, { maxDispatchAttempts: 101 }],
  [rigConfigSchema, { refinery: { gates: [''] } }],
  [townConfigSchema, { container: { sleepAfterMinutes: -1 } }],
  [townConfigSchema, { container: { memoryGiB: 1 } }],
  [townConfigSchema, { convoyMergeMode: 'merge' }],
])('a setting that cannot hold is refused: %#', (schema, value) => {
  expect(schema.safeParse(value).success).toBe(false);
});
