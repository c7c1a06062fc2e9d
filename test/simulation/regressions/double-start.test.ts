import { expect, test } from 'vitest';
import { simulate } from '../simulate.ts';
import type { Story } from '../story/story.ts';

const story: Story = {
  seed: 3055,
  towns: [{ config: { stagedConvoysDefault: false } }],
  acts: [{ atMs: 0, act: 'createBead', town: 0, seed: 5 }],
  faults: [
    { fault: 'messageDoubled', rate: 1 },
    { fault: 'runAnswerLost', rate: 0.5 },
  ],
  calmAtMs: 600_000,
  reconcilers: 2,
};

/** #3055: two starts in the same millisecond restarted a container every two minutes. */
test('a task that is asked for by two reconcilers, twice each, and whose answers are lost, runs once', async () => {
  // One live task of a town at a time, each epoch once, is checked at the end of every simulation.
  const { effort, beads, seen } = await simulate(story, 'liveness');
  expect(beads).toBe(1);
  expect(seen).toContain('bead closed');
  expect(effort.turns).toBe(2);
});
