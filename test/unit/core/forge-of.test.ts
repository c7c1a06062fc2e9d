import { expect, test } from 'vitest';
import { forgeAt } from '../../../core/town/config/github-host.ts';
import { forgeOf } from '../../../core/town/rig.ts';

test.each([
  ['https://github.com/a/b.git', 'github.com', 'github'],
  ['https://GitHub.com/a/b', 'github.com', 'github'],
  ['https://user@github.com/a/b.git', 'github.com', 'github'],
  ['git@github.com:a/b.git', 'github.com', 'github'],
  ['ssh://git@github.com/a/b.git', 'github.com', 'github'],
  ['https://git.example.com:8443/a/b.git', 'git.example.com:8443', 'github'],
  ['https://git.example.com/a/b.git', 'git.example.com:8443', undefined],
  ['https://github.com/a/b.git', 'git.example.com', undefined],
  ['https://github.com.evil.example/a/b.git', 'github.com', undefined],
  ['https://github.com@evil.example/a/b.git', 'github.com', undefined],
  ['file:///srv/github.com/b.git', 'github.com', undefined],
  ['/srv/git/b.git', 'github.com', undefined],
])('%s is on %s: %s', (gitUrl, host, expected) => {
  expect(forgeAt(gitUrl, host)).toBe(expected);
});

test('a rig knows its forge; an older one is on the one that its address names', () => {
  expect(forgeOf({ gitUrl: 'https://git.example.com/a/b.git', forge: 'github' })).toBe('github');
  expect(forgeOf({ gitUrl: 'https://github.com/a/b.git' })).toBe('github');
  expect(forgeOf({ gitUrl: 'https://git.example.com/a/b.git' })).toBeUndefined();
});
