import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLocalKeys } from '../../../local/keys.ts';
import { userTokenOf } from '../../../local/user-token.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gastown-token-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

it('another user of the installation, whether or not it has been started', async () => {
  const token = await userTokenOf({ dataDir, user: 'bob@example', orgs: ['acme'] });
  const before = await readFile(join(dataDir, 'keys.json'), 'utf8');
  const claims = await (await openLocalKeys(dataDir)).verifyUser(token);
  expect(claims).toMatchObject({ sub: 'bob@example', 'cognito:groups': ['acme'] });
  await userTokenOf({ dataDir, user: 'alice', orgs: [] });
  expect(await readFile(join(dataDir, 'keys.json'), 'utf8')).toBe(before);
});

it.each([
  ['a directory that is not there', { dataDir: '/nowhere/at/all', user: 'bob', orgs: [] }, /no installation/],
  ['a user without a name', { user: '', orgs: [] }, /--user/],
  ['a name that is no name', { user: 'bob bob', orgs: [] }, /--user/],
  ['an organisation with a space', { user: 'bob', orgs: ['acme inc'] }, /--org/],
  ['an organisation without a name', { user: 'bob', orgs: [''] }, /--org/],
])('%s is refused with what to change', async (_, options, message) => {
  await expect(userTokenOf({ dataDir, ...options })).rejects.toThrow(message);
});
