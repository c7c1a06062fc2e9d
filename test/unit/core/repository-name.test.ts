import { expect, test } from 'vitest';
import { repositoryNameOf } from '../../../core/town/repository-name.ts';

test.each([
  ['https://github.com/Acme/App.git', 'github.com/acme/app'],
  ['https://github.com/acme/app', 'github.com/acme/app'],
  ['https://github.com/acme/app/', 'github.com/acme/app'],
  ['https://user@github.com/acme/app.git', 'github.com/acme/app'],
  ['http://127.0.0.1:4000/acme/app.git', '127.0.0.1:4000/acme/app'],
  ['ssh://git@github.com/acme/app.git', 'github.com/acme/app'],
  ['git@github.com:acme/app.git', 'github.com/acme/app'],
  ['https://git.example/group/sub/app.git', 'git.example/group/sub/app'],
  ['/srv/repositories/app.git', undefined],
  ['file:///srv/repositories/app.git', undefined],
  ['https://github.com', undefined],
  ['', undefined],
])('%s is %s', (gitUrl, name) => {
  expect(repositoryNameOf(gitUrl)).toBe(name);
});
