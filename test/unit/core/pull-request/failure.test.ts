import { expect, test } from 'vitest';
import {
  askAgainMs,
  FAILURE_KINDS,
  failureKind,
  isGivenUp,
  withFailure,
  type FailureKind,
  type ForgeFailure,
} from '../../../../core/pull-request/failure.ts';
import { ForgeError } from '../../../../core/pull-request/forge-error.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';

const failure = (kind: FailureKind, count = 1, until?: number): ForgeFailure => ({
  kind,
  message: 'm',
  count,
  since: 1000,
  lastAt: 1_000_000,
  until,
});
const MIN = minutes(1);

/** Kind, failures in a row: are people told, and when is it asked again? */
test.each<[FailureKind, number, boolean, number]>([
  ['no_token', 1, true, 15 * MIN],
  ['unrecognized_url', 1, true, 15 * MIN],
  ['host_mismatch', 1, true, 15 * MIN],
  ['unauthorized', 1, true, 15 * MIN],
  ['forbidden', 1, true, 15 * MIN],
  ['not_found', 1, true, 15 * MIN],
  ['refused', 1, true, 15 * MIN],
  ['refused', 100, true, 15 * MIN],
  ['invalid_response', 1, false, seconds(5)],
  ['invalid_response', 2, false, seconds(10)],
  ['invalid_response', 3, true, 15 * MIN],
  ['graphql_partial', 2, false, seconds(10)],
  ['graphql_partial', 3, true, 15 * MIN],
  ['http_error', 1, false, seconds(5)],
  ['http_error', 3, false, seconds(20)],
  ['http_error', 5, false, seconds(80)],
  ['http_error', 6, false, seconds(120)],
  ['http_error', 9, false, seconds(120)],
  ['http_error', 10, true, 15 * MIN],
  ['http_error', 5000, true, 15 * MIN],
  ['rate_limited', 1, false, MIN],
  ['rate_limited', 100_000, false, MIN],
])('%s, for the %i. time', (kind, count, isForPeople, againMs) => {
  expect(isGivenUp(failure(kind, count))).toBe(isForPeople);
  expect(askAgainMs(failure(kind, count))).toBe(againMs);
});

test.each([
  [1_000_000 + MIN * 20, MIN * 20],
  [1_000_000 + 1, seconds(1)],
  [1_000_000, seconds(1)],
  [0, seconds(1)],
])('a limit until %i is asked again after %i ms, and is never a strike', (until, againMs) => {
  expect(askAgainMs(failure('rate_limited', 100, until))).toBe(againMs);
  expect(isGivenUp(failure('rate_limited', 100, until))).toBe(false);
});

test('a cause has its own count, and keeps since when', () => {
  const once = withFailure([], { kind: 'http_error', message: 'a', until: undefined }, 10);
  const other = withFailure(once, { kind: 'invalid_response', message: 'b', until: undefined }, 20);
  const again = withFailure(other, { kind: 'http_error', message: 'c', until: 50 }, 30);
  expect(again).toEqual([
    { kind: 'invalid_response', message: 'b', count: 1, since: 20, lastAt: 20, until: undefined },
    { kind: 'http_error', message: 'c', count: 2, since: 10, lastAt: 30, until: 50 },
  ]);
  // What was there is not changed.
  expect(once).toEqual([
    { kind: 'http_error', message: 'a', count: 1, since: 10, lastAt: 10, until: undefined },
  ]);
});

test.each(failureKind.options)('an error of kind %s says whether asking again helps', (kind) => {
  const error = new ForgeError(kind, 'GitHub says no.', { until: 5, cause: new Error('x') });
  expect(error).toMatchObject({ kind, until: 5, userMessage: 'GitHub says no.', code: 'unavailable' });
  expect(error.retry).toBe(FAILURE_KINDS[kind] === 'permanent' ? 'never' : 'backoff');
});
