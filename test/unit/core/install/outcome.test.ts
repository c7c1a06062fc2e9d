import { expect, test } from 'vitest';
import { withOutcome } from '../../../../core/install/outcome.ts';

test.each([
  ['/', '/?github_install=success'],
  ['/a', '/a?github_install=success'],
  ['/a?', '/a?github_install=success'],
  ['/a?step=repo', '/a?step=repo&github_install=success'],
  ['/a#top', '/a?github_install=success#top'],
  ['/a?step=repo#top?b', '/a?step=repo&github_install=success#top?b'],
  ['/a?b=c?d', '/a?b=c?d&github_install=success'],
  ['/a?q=a%20b', '/a?q=a%20b&github_install=success'],
  // What an earlier way has left would contradict it.
  ['/a?error=installation_failed&step=repo', '/a?step=repo&github_install=success'],
  ['/a?github_install=success', '/a?github_install=success'],
  ['/a?%65rror=x&pending_approval=true', '/a?github_install=success'],
])('%s → %s', (path, expected) => {
  expect(withOutcome(path, 'success')).toBe(expected);
});

test('a failure on the way takes the place of an earlier success', () => {
  expect(withOutcome('/a?github_install=success&b=c#d', 'failed')).toBe('/a?b=c&error=installation_failed#d');
});
