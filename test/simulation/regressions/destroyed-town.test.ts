import { expect, test } from 'vitest';
import { simulate } from '../simulate.ts';
import type { Story } from '../story/story.ts';

/** A choice of the act that deletes. */
const DELETING = 11;

const story: Story = {
  seed: 1,
  towns: [{ config: { stagedConvoysDefault: false } }],
  acts: [
    { atMs: 0, act: 'createConvoy', town: 0, seed: 1 },
    ...Array.from({ length: 30 }, (_, n) => ({
      atMs: 90_000 + n * 1000,
      act: 'deleteTown' as const,
      town: 0,
      seed: DELETING + n,
    })),
  ],
  faults: [
    { fault: 'messageDoubled', rate: 0.5 },
    { fault: 'messageLate', rate: 0.5 },
    { fault: 'poisonedMessage', rate: 1 },
    { fault: 'killed', rate: 0.05 },
  ],
  calmAtMs: 1_800_000,
  reconcilers: 1,
};

/** A destroyed town's alarm woke it again, and left records behind that nobody could reach. */
test('late, doubled and poisoned messages for a town that is gone leave nothing of it', async () => {
  // That nothing is left of it is checked at the end of every simulation.
  const { seen } = await simulate(story, 'liveness');
  expect([...seen].filter((what) => what === 'rule town/purge')).toEqual(['rule town/purge']);
});
