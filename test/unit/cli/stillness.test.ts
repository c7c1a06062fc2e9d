import { expect, test } from 'vitest';
import type { Bead, Explanation } from '../../../cli/client/api.generated.ts';
import { createStillnessWatch } from '../../../cli/smoke/unexplained.ts';

const bead = (status: Bead['status'], updatedAt = '1') => ({ id: 'a', status, updatedAt }) as Bead;
const why = [{ subject: { kind: 'bead', id: 'a', title: 'A' } }] as Explanation[];
const none: Explanation[] = [];

test.each<{ situation: string; looks: readonly (readonly [Bead, Explanation[]])[]; isSilent: boolean }>([
  {
    situation: 'it stands still, and nothing says why',
    looks: [
      [bead('open'), none],
      [bead('open'), none],
      [bead('open'), none],
    ],
    isSilent: true,
  },
  {
    situation: 'two looks are not enough to be sure',
    looks: [
      [bead('open'), none],
      [bead('open'), none],
    ],
    isSilent: false,
  },
  {
    situation: 'there is a reason now',
    looks: [
      [bead('open'), none],
      [bead('open'), none],
      [bead('open'), why],
    ],
    isSilent: false,
  },
  {
    situation: 'there was a reason in between',
    looks: [
      [bead('open'), none],
      [bead('open'), none],
      [bead('open'), why],
      [bead('open'), none],
    ],
    isSilent: false,
  },
  {
    situation: 'it changed meanwhile',
    looks: [
      [bead('open'), none],
      [bead('open'), none],
      [bead('open', '2'), none],
    ],
    isSilent: false,
  },
  {
    situation: 'somebody works on it',
    looks: [
      [bead('in_progress'), none],
      [bead('in_progress'), none],
      [bead('in_progress'), none],
    ],
    isSilent: false,
  },
])('$situation', ({ looks, isSilent }) => {
  const watch = createStillnessWatch();
  const found = looks.map(([one, reasons]) => watch.look([one], reasons));
  expect(found.at(-1)?.length === 1).toBe(isSilent);
});
