import { expect, test } from 'vitest';
import type { MessageFact } from '../../../../core/facts/message.ts';
import type { PullRequest } from '../../../../core/town/merge-request.ts';
import {
  applyFacts,
  asPullRequest,
  forgeRig,
  mergeRequest,
  reviewedBead,
  sha,
  T0,
  town,
} from '../town-builder.ts';

type Heard = Extract<MessageFact, { type: 'forge_heard' }>;

const heard = (over: Partial<Heard> = {}): Heard => ({
  type: 'forge_heard',
  rigId: 'rig',
  numbers: [],
  ...over,
});
/** Two that are open, one that is being opened, one of no pull request. */
const TOWN = town({
  rigs: [forgeRig()],
  beads: ['a', 'b', 'c', 'd'].map((id) => reviewedBead(id)),
  mergeRequests: [
    asPullRequest('a', 'a', { number: 5, headSha: sha(1) }),
    asPullRequest('b', 'b', { number: 6, headSha: sha(2) }, { target: 'next' }),
    asPullRequest('c', 'c', { number: undefined, headSha: undefined }),
    mergeRequest('d', 'd'),
  ],
});
const branchOf = (id: string): string => TOWN.live.mergeRequest.get(id)?.branch ?? '';

test.each([
  { what: 'one by its number', fact: heard({ numbers: [5] }), looked: ['a'] },
  { what: 'several', fact: heard({ numbers: [5, 6, 99] }), looked: ['a', 'b'] },
  { what: 'a commit that was checked', fact: heard({ headSha: sha(2) }), looked: ['b'] },
  { what: 'a push to its branch', fact: heard({ branch: branchOf('a') }), looked: ['a'] },
  {
    what: 'a push to the branch that it is to be merged into',
    fact: heard({ branch: 'next' }),
    looked: ['b'],
  },
  {
    what: 'one that is being opened has no number yet, but its branch',
    fact: heard({ numbers: [7], branch: branchOf('c') }),
    looked: ['c'],
  },
  { what: 'a branch of what is no pull request', fact: heard({ branch: branchOf('d') }), looked: [] },
  { what: 'a number that is no pull request of the town', fact: heard({ numbers: [99] }), looked: [] },
  {
    what: 'the same number at another repository',
    fact: heard({ numbers: [5], rigId: 'other' }),
    looked: [],
  },
  { what: 'nothing in particular', fact: heard(), looked: [] },
])('$what', ({ fact, looked }) => {
  const { facts, changes } = applyFacts(TOWN, [fact]);
  const due = changes.flatMap((change): [string, PullRequest | undefined][] =>
    change.kind === 'mergeRequest' && change.op === 'update'
      ? [[change.record.id, change.record.pullRequest]]
      : [],
  );
  expect(due.map(([id]) => id)).toEqual(looked);
  expect(due.every(([, pullRequest]) => pullRequest?.heardAt === T0)).toBe(true);
  expect(looked.length === 0 ? facts.stale.length : facts.applied.length).toBe(1);
});

test('a push to a branch that hundreds are to be merged into fits into one step', () => {
  const ids = Array.from({ length: 300 }, (_, n) => `m${n}`);
  const many = town({
    rigs: [forgeRig()],
    beads: ids.map((id) => reviewedBead(id)),
    mergeRequests: ids.map((id) => asPullRequest(id, id)),
  });
  const { changes } = applyFacts(many, [heard({ branch: 'main' })]);
  expect(changes.length).toBeGreaterThan(40);
  expect(changes.length).toBeLessThan(81);
});
