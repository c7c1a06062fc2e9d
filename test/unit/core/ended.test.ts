import { expect, test } from 'vitest';
import { Draft } from '../../../core/draft.ts';
import { countEnded } from '../../../core/town/ended.ts';
import { bead, convoy, T0, town } from './town-builder.ts';

const before = { beadsClosed: 5, beadsFailed: 3, convoysLanded: 1 };
const closed = bead('a', { status: 'closed' });
const failed = bead('b', { status: 'failed' });

const TABLE: readonly { what: string; act: (draft: Draft) => void; counts: object }[] = [
  { what: 'nothing ends', act: (draft) => draft.put('bead', bead('c')), counts: before },
  {
    what: 'beads end',
    act: (draft) => {
      draft.archive('bead', closed);
      draft.archive('bead', failed);
    },
    counts: { ...before, beadsClosed: 6, beadsFailed: 4 },
  },
  {
    what: 'a convoy lands',
    act: (draft) => draft.archive('convoy', convoy('k', { state: 'landed' })),
    counts: { ...before, convoysLanded: 2 },
  },
  {
    what: 'a convoy is closed',
    act: (draft) => draft.archive('convoy', convoy('k', { state: 'closed' })),
    counts: before,
  },
  {
    what: 'a closed bead is asked for anew',
    act: (draft) => draft.restore('bead', closed, bead('a')),
    counts: { ...before, beadsClosed: 4 },
  },
  {
    what: 'a failed bead is asked for anew',
    act: (draft) => draft.restore('bead', failed, bead('b')),
    counts: { ...before, beadsFailed: 2 },
  },
];

test.each(TABLE)('what has ended is counted: $what', ({ act, counts }) => {
  const draft = new Draft(town({ beads: [bead('c')] }), T0);
  act(draft);
  expect(countEnded(before, draft.changes())).toEqual(counts);
});
