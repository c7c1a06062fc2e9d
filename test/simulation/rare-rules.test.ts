import { expect, test } from 'vitest';
import { minutes } from '../../core/town/instant.ts';
import { simulate } from './simulate.ts';
import type { Story } from './story/story.ts';

/** What random stories tell now and then only, each in a story of its own: the rule decides, and everything comes to rest. */
const act = (atMs: number, name: Story['acts'][number]['act']): Story['acts'][number] => ({
  atMs,
  act: name,
  town: 0,
  seed: 7 + atMs,
});
const plain: Story = {
  seed: 1,
  towns: [{ config: { stagedConvoysDefault: false, maxPolecatsPerRig: 4 } }],
  acts: [act(0, 'createBead')],
  faults: [],
  calmAtMs: minutes(30),
  reconcilers: 1,
};

const STORIES: readonly { rule: string; when: string; story: Partial<Story> }[] = [
  {
    rule: 'agent/lost',
    when: 'sessions never start',
    story: { faults: [{ fault: 'sessionNeverStarts', rate: 1 }] },
  },
  {
    rule: 'town/breaker',
    when: 'the model is down for long, and there is much to do',
    story: {
      calmAtMs: minutes(60),
      faults: [{ fault: 'modelDown', rate: 1 }],
      acts: [0, 5, 10, 15, 20, 25, 30, 35, 40, 45].map((at) => act(minutes(at), 'createManyBeads')),
    },
  },
  {
    rule: 'agent/garbage',
    when: 'somebody has work again after a day',
    story: { acts: [act(0, 'createBead'), act(minutes(25 * 60), 'createManyBeads')] },
  },
  {
    rule: 'bead/orphaned',
    when: 'a budget is spent while a claim that does not hold is verified',
    story: {
      towns: [{ config: { budgets: { bead: { hardTokens: 10 } } } }],
      acts: [act(0, 'createManyBeads')],
      faults: [{ fault: 'agentLies', rate: 1 }],
    },
  },
  {
    rule: 'rig/remove',
    when: 'a rig is removed with its work',
    story: {
      acts: [
        act(0, 'createManyBeads'),
        ...[1, 2, 3, 4, 5].map((at) => act(minutes(at), 'forceRemoveRig')),
        act(minutes(6), 'createRig'),
        act(minutes(7), 'createConvoy'),
      ],
    },
  },
];

test.each(STORIES)('$rule: $when', { timeout: 30_000 }, async ({ rule, story }) => {
  const { seen } = await simulate({ ...plain, ...story }, 'liveness');
  expect([...seen]).toContain(`rule ${rule}`);
});
