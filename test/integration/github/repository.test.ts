import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { githubHostOf } from '../../../core/town/config/github-host.ts';
import { graphqlUrlOf } from '../../../lambdas/adapters/github/graphql-url.ts';
import { repositoryOf } from '../../../lambdas/adapters/github/repository.ts';

const SHOP = { owner: 'acme', name: 'shop' };

test.each([
  ['https://github.com/acme/shop.git', 'github.com', SHOP],
  ['https://github.com/acme/shop', 'github.com', SHOP],
  ['https://github.com/acme/shop/', 'github.com', SHOP],
  ['https://GitHub.com/acme/shop.git', 'github.com', SHOP],
  ['https://github.com:443/acme/shop.git', 'github.com', SHOP],
  ['https://user:secret@github.com/acme/shop.git', 'github.com', SHOP],
  ['https://github.com/Acme-2/shop.js.git', 'github.com', { owner: 'Acme-2', name: 'shop.js' }],
  ['https://github.com/dev_acme/.github', 'github.com', { owner: 'dev_acme', name: '.github' }],
  ['https://github.com/acme/shop.git.git', 'github.com', { owner: 'acme', name: 'shop.git' }],
  ['git@github.com:acme/shop.git', 'github.com', SHOP],
  ['git@github.com:acme/shop', 'github.com', SHOP],
  ['git@github.com:/acme/shop.git', 'github.com', SHOP],
  ['ssh://git@github.com/acme/shop.git', 'github.com', SHOP],
  ['ssh://git@ssh.github.com:443/acme/shop.git', 'github.com', SHOP],
  ['https://git.example.com/acme/shop.git', 'git.example.com', SHOP],
  ['https://git.example.com:8443/acme/shop.git', 'git.example.com:8443', SHOP],
  ['ssh://git@git.example.com:2222/acme/shop.git', 'git.example.com:8443', SHOP],
  ['git@git.example.com:acme/shop.git', 'git.example.com:8443', SHOP],
  ['http://127.0.0.1:4000/acme/shop.git', '127.0.0.1:4000', SHOP],
])('%s is of %s', (gitUrl, host, expected) => {
  expect(repositoryOf(gitUrl, host)).toEqual(expected);
});

test.each([
  ['https://gitlab.com/acme/shop.git', 'github.com', 'host_mismatch'],
  ['https://github.com.evil.example/acme/shop.git', 'github.com', 'host_mismatch'],
  ['https://github.com@evil.example/acme/shop.git', 'github.com', 'host_mismatch'],
  ['https://api.github.com/acme/shop.git', 'github.com', 'host_mismatch'],
  ['https://github.com:8443/acme/shop.git', 'github.com', 'host_mismatch'],
  ['https://git.example.com/acme/shop.git', 'git.example.com:8443', 'host_mismatch'],
  ['git@gitlab.com:acme/shop.git', 'github.com', 'host_mismatch'],
  ['ssh://git@ssh.github.com/acme/shop.git', 'git.example.com', 'host_mismatch'],
  ['', 'github.com', 'unrecognized_url'],
  ['shop', 'github.com', 'unrecognized_url'],
  ['/srv/git/shop.git', 'github.com', 'unrecognized_url'],
  ['file:///srv/git/shop.git', 'github.com', 'unrecognized_url'],
  ['git://github.com/acme/shop.git', 'github.com', 'unrecognized_url'],
  ['https://github.com/', 'github.com', 'unrecognized_url'],
  ['https://github.com/acme', 'github.com', 'unrecognized_url'],
  ['https://github.com/acme/', 'github.com', 'unrecognized_url'],
  ['https://github.com/acme/.git', 'github.com', 'unrecognized_url'],
  ['https://github.com/acme/..git', 'github.com', 'unrecognized_url'],
  ['https://github.com/acme/shop/pull/7', 'github.com', 'unrecognized_url'],
  ['https://github.com/acme//shop', 'github.com', 'unrecognized_url'],
  ['https://github.com/acme/shop?ref=x', 'github.com', 'unrecognized_url'],
  ['https://github.com/acme/shop%2Fevil', 'github.com', 'unrecognized_url'],
  ['https://github.com/../shop', 'github.com', 'unrecognized_url'],
])('%s is none of %s: %s', (gitUrl, host, kind) => {
  expect(() => repositoryOf(gitUrl, host)).toThrow(expect.objectContaining({ kind }) as Error);
});

test('what is refused is not said back', () => {
  for (const gitUrl of ['https://me:hunter2@gitlab.com/a/b', 'https://me:hunter2@github.com/a'])
    expect(() => repositoryOf(gitUrl, 'github.com')).not.toThrow(/hunter2/);
});

test('any text is a repository of two plain names or a ForgeError', () => {
  const address = fc.oneof(
    fc.string(),
    fc.webUrl({ withQueryParameters: true }),
    fc.string().map((path) => `https://github.com/${path}`),
    fc.string().map((path) => `git@github.com:${path}`),
  );
  const isSafe = (gitUrl: string): boolean => {
    try {
      const { owner, name } = repositoryOf(gitUrl, 'github.com');
      return /^[\w-]+\/[\w.-]+$/.test(`${owner}/${name}`);
    } catch (error) {
      return error instanceof ForgeError;
    }
  };
  expect(fc.check(fc.property(address, isSafe), { numRuns: 2000 }).counterexample).toBeNull();
});

test.each([
  ['https://api.github.com', 'github.com', 'https://api.github.com/graphql'],
  ['https://api.github.com/', 'github.com', 'https://api.github.com/graphql'],
  ['https://git.example.com/api/v3', 'git.example.com', 'https://git.example.com/api/graphql'],
  [
    'https://git.example.com:8443/api/v3/',
    'git.example.com:8443',
    'https://git.example.com:8443/api/graphql',
  ],
])('%s is the API of %s, beside %s', (apiUrl, host, graphqlUrl) => {
  expect(githubHostOf(apiUrl)).toBe(host);
  expect(graphqlUrlOf(apiUrl)).toBe(graphqlUrl);
});
