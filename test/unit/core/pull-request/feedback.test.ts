import { expect, test } from 'vitest';
import { feedbackOf } from '../../../../core/pull-request/feedback.ts';
import type { PullRequestSnapshot, Thread } from '../../../../core/pull-request/snapshot.ts';
import { MAX_FEEDBACK_CHARS } from '../../../../core/town/bead.ts';
import { green, thread } from './snapshot.ts';

const failed = (...names: string[]): Partial<PullRequestSnapshot> => ({
  checks: { items: names.map((name) => ({ name, state: 'failed' })), isComplete: true },
});
const threads = (...unresolved: Thread[]): Partial<PullRequestSnapshot> => ({
  threads: { unresolved, isComplete: true },
});
const request = (body: string, isOnHead = true) => ({ author: 'ada', body, isOnHead });

const CONFLICT = 'It conflicts with main. Merge origin/main into your branch and resolve the conflicts.';
const BEHIND = 'Merge origin/main into your branch: it lacks commits of it.';

test.each<[string, Partial<PullRequestSnapshot>, string | undefined]>([
  ['nothing is to be done', {}, undefined],
  ['a conflict', { mergeable: 'conflict' }, CONFLICT],
  ['a conflict, behind too', { mergeable: 'conflict', mergeState: 'behind' }, CONFLICT],
  ['behind', { mergeState: 'behind' }, BEHIND],
  ['failed checks', failed('lint', 'test'), 'Checks failed: lint, test.'],
  [
    'checks that run, or are not known',
    {
      checks: {
        items: [
          { name: 'a', state: 'pending' },
          { name: 'b', state: 'unknown' },
        ],
        isComplete: false,
      },
    },
    undefined,
  ],
  ['checks and threads that were not read', { checks: undefined, threads: undefined }, undefined],
  ['a thread', threads(thread('Why?')), 'ada at src/cart.ts:12: Why?'],
  ['a thread about no place', threads({ author: 'ada', text: 'Why?' }), 'ada: Why?'],
  [
    'a review without a thread',
    { reviewDecision: 'changesRequested', changeRequests: [request('Rename it.')] },
    'ada asks for changes: Rename it.',
  ],
  [
    'a review without a text',
    { reviewDecision: 'changesRequested', changeRequests: [request('')] },
    'ada asks for changes: (without a text)',
  ],
  [
    'a review of an earlier head',
    { reviewDecision: 'changesRequested', changeRequests: [request('Rename it.', false)] },
    undefined,
  ],
  [
    'a review that no longer counts',
    { reviewDecision: 'approved', changeRequests: [request('Rename it.')] },
    undefined,
  ],
  ['an approval that is missing, a draft', { reviewDecision: 'reviewRequired', isDraft: true }, undefined],
  [
    'all, in the order of the work',
    {
      mergeable: 'conflict',
      ...failed('lint'),
      ...threads(thread('Why?')),
      reviewDecision: 'changesRequested',
      changeRequests: [request('Rename it.')],
    },
    [
      CONFLICT,
      'Checks failed: lint.',
      'ada at src/cart.ts:12: Why?',
      'ada asks for changes: Rename it.',
    ].join('\n'),
  ],
])('%s', (_, change, expected) => {
  expect(feedbackOf(green(change))).toBe(expected);
});

test('it is bounded in each part and in all', () => {
  const many = Array.from({ length: 40 }, (_, index) => index);
  const change = {
    ...failed(...many.map((index) => `check-${index}`)),
    ...threads(...many.map(() => thread('x'.repeat(10_000)))),
  };
  const feedback = feedbackOf(green(change)) ?? '';
  expect(feedback.length).toBeLessThanOrEqual(MAX_FEEDBACK_CHARS);
  expect(feedback.split('\n')[0]).toBe(
    `Checks failed: ${many
      .slice(0, 12)
      .map((n) => `check-${n}`)
      .join(', ')}.`,
  );
  expect(feedback.split('\n')[1]).toBe(`ada at src/cart.ts:12: ${'x'.repeat(600)}`);
});
